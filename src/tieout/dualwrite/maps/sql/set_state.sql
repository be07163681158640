-- question:   Put one map into a state; in which was it?
-- grain:      one row per map, with its state before
-- parameters: map, state, changed_by
-- index:      outbox_map_pkey
with before as materialized (
    select m.map, m.state from outbox_map m where m.map = %(map)s for update
)
update outbox_map m
set state = %(state)s, changed_at = clock_timestamp(), changed_by = %(changed_by)s
from before b
where m.map = b.map
returning b.state as state_before
