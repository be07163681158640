-- question:   Has a map worked off its backlog? Then it runs.
-- grain:      one row of outbox_map, or none; reports their number
-- parameters: map
-- index:      outbox_map_pkey, outbox_entry_pkey, outbox_initial_write_pkey
update outbox_map m
set backlog_to = null
where m.map = %(map)s
    and m.backlog_to is not null
    and not exists (select from outbox_entry e where e.map = m.map and e.id <= m.backlog_to)
    and not exists (select from outbox_initial_write w where w.map = m.map and w.finished_at is null)
