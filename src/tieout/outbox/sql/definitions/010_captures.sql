-- Is a change of this map stated now? Running and paused maps capture, a map that is not running does not.
create or replace function outbox_captures(map_name text) returns boolean
language sql stable as $$
    select coalesce((select m.state <> 'not_running' from outbox_map m where m.map = map_name), false)
$$;
