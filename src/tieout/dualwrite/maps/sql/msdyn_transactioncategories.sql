-- question:   What does finance get of a category?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      operations_category_pkey
select
    c.id,
    c.code,
    c.name,
    c.transaction_class,
    c.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join operations_category c on c.id = t.key
where c.id between %(key_from)s::uuid and %(key_to)s::uuid
