-- question:   What does finance get of a transaction connection?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_transactionconnection_pkey
select
    c.id,
    c.transaction1_id,
    c.transaction1_type,
    c.transaction1_role,
    c.transaction2_id,
    c.transaction2_type,
    c.transaction2_role,
    c.company_code,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_transaction_connection c on c.id = t.key
where c.id between %(key_from)s::uuid and %(key_to)s::uuid
