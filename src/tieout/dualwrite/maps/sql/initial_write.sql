-- question:   Begin the initial write of one set-up map: from now on, what is entered states itself.
-- grain:      one row
-- parameters: map, master, begun_by
-- index:      none
select outbox_begin_initial_write(%(map)s, %(master)s::regclass, %(begun_by)s)
