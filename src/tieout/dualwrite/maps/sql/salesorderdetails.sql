-- question:   What does finance get of a contract line?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_contract_line_pkey
select
    l.id,
    l.contract_id,
    l.line_number,
    l.name,
    l.billing_method,
    l.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_contract_line l on l.id = t.key
where l.id between %(key_from)s::uuid and %(key_to)s::uuid
