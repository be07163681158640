-- question:   Turn the order round in which the stated records of a map are delivered.
-- grain:      every record stated for the map; reports their number
-- parameters: map
-- index:      outbox_entry_pkey
with gone as (delete from outbox_entry o where o.map = %(map)s returning o.map, o.key, o.id)
insert into outbox_entry (map, key)
select g.map, g.key from gone g order by g.id desc
