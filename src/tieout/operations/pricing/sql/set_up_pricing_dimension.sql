-- question:   Which records (entity pricing_dimension) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first
-- parameters: key, prefix, after, row_limit
-- index:      operations_pricing_dimension_name_key
select
    t.name,
    t.kind,
    t.cost_priority,
    t.sales_priority,
    t.purchase_priority
from operations_pricing_dimension t
where (%(key)s::jsonb ->> 'name' is null or t.name = %(key)s::jsonb ->> 'name')
    and (%(prefix)s::jsonb ->> 'name' is null or t.name ^@ (%(prefix)s::jsonb ->> 'name'))
    and (%(after)s::jsonb is null or t.name > %(after)s::jsonb ->> 'name')
order by t.name
limit %(row_limit)s
