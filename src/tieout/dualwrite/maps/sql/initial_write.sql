-- question:   State all records of one set-up map, so that the other side gets what it does not have.
-- grain:      one row: how many were stated
-- parameters: map, master
-- index:      none, the whole of a set-up table is wanted
select outbox_initial_write(%(map)s, %(master)s::regclass) as stated
