-- question:   What does finance get of a customer?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_customer_pkey
select
    c.id,
    c.company_code,
    c.account_number,
    c.name,
    c.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_customer c on c.id = t.key
where c.id between %(key_from)s::uuid and %(key_to)s::uuid
