-- question:   Put one map into a state.
-- grain:      one map
-- parameters: map, state, changed_by
-- index:      outbox_map_pkey
update outbox_map
set state = %(state)s, changed_at = clock_timestamp(), changed_by = %(changed_by)s
where map = %(map)s
