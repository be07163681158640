-- question:   Which maps does this side state changes for? (loaded from maps.csv; states are kept)
-- grain:      one row per map of this side
-- parameters: maps
-- index:      outbox_map_pkey
insert into outbox_map (map, state, version, required_version, changed_by)
select m.map, 'running', m.version, m.required_version, 'system'
from jsonb_to_recordset(%(maps)s::jsonb) as m (map text, version text, required_version text)
on conflict (map) do update
set version = excluded.version, required_version = excluded.required_version
where (outbox_map.version, outbox_map.required_version) <> (excluded.version, excluded.required_version)
