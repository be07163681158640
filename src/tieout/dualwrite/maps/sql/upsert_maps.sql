-- question:   Which maps does this side state changes for? (loaded from maps.csv; states are kept)
-- grain:      one row per map of this side
-- parameters: maps
-- index:      outbox_map_pkey
insert into outbox_map (map, state, version, changed_by)
select m.map, 'running', m.version, 'system'
from jsonb_to_recordset(%(maps)s::jsonb) as m (map text, version text)
on conflict (map) do update
set version = excluded.version
where outbox_map.version <> excluded.version
