-- question:   State a record once more, as a side that repeats itself.
-- grain:      one row
-- parameters: map, key
-- index:      none
insert into outbox_entry (map, key) values (%(map)s, %(key)s::uuid)
