-- question:   Take actuals away that were just recorded, what connects them, and what is owed of both.
-- grain:      every record; reports the number of those that are owed no more
-- parameters: keys, maps
-- index:      operations_actual_pkey, operations_connection_first
with gone as (
    delete from operations_actual where id = any(%(keys)s) returning id
),
apart as (
    delete from operations_transaction_connection where transaction1_id = any(%(keys)s) returning id
),
rootless as (
    delete from operations_transaction_origin where transaction_id = any(%(keys)s)
)
delete from outbox_entry o
using (select id from gone union all select id from apart) k
where o.map = any(%(maps)s) and o.key = k.id
