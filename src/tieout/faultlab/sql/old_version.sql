-- question:   Give a map the version of an earlier release.
-- grain:      one row
-- parameters: map
-- index:      outbox_map_pkey
update outbox_map set version = '0.9.0.0' where map = %(map)s
