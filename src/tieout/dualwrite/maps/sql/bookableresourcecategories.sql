-- question:   What does finance get of a role?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_role_pkey
select
    r.id,
    r.code,
    r.name,
    r.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_role r on r.id = t.key
where r.id between %(key_from)s::uuid and %(key_to)s::uuid
