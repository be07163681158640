-- question:   Which of these pricing dimensions are not set up? They come; what the firm has changed stays.
-- grain:      one row per dimension that is added
-- parameters: rows
-- index:      operations_pricing_dimension_name_key
insert into operations_pricing_dimension (name, kind, cost_priority, sales_priority, purchase_priority, version)
select n.name, n.kind, n.cost_priority, n.sales_priority, n.purchase_priority, 1
from jsonb_to_recordset(%(rows)s::jsonb) as n (
    "name" text, kind text, cost_priority int, sales_priority int, purchase_priority int
)
on conflict (name) do nothing
