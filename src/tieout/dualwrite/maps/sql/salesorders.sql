-- question:   What does finance get of a contract? Its contracting unit by code, which is its key and never changes.
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_contract_pkey, operations_organizational_unit_pkey
select
    c.id,
    c.number,
    c.name,
    c.customer_id,
    c.company_code,
    u.code as unit_code,
    c.currency_code,
    c.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_contract c on c.id = t.key
join operations_organizational_unit u on u.id = c.unit_id
where c.id between %(key_from)s::uuid and %(key_to)s::uuid
