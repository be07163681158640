-- question:   Put one map into a state; in which was it? What it owes when it starts to run is its backlog.
-- grain:      one row per map, with its state before
-- parameters: map, state, changed_by
-- index:      outbox_map_pkey, outbox_entry_pkey, outbox_initial_write_pkey
with before as materialized (
    select m.map, m.state from outbox_map m where m.map = %(map)s for update
)
update outbox_map m
set state = %(state)s,
    changed_at = clock_timestamp(),
    changed_by = %(changed_by)s,
    backlog_to = case
        when %(state)s <> 'running' then null
        when b.state = 'running' then m.backlog_to
        -- never below zero: an initial write numbers its entries from there
        else greatest(
            (select greatest(max(e.id), 0) from outbox_entry e where e.map = m.map having max(e.id) is not null),
            (select 0 from outbox_initial_write w where w.map = m.map and w.finished_at is null)
        )
    end
from before b
where m.map = b.map
returning b.state as state_before
