-- question:   Which of these pricing dimensions are declared, and where do they apply?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_pricing_dimension_name_key
select k.place, t.id, t.kind, t.cost_priority, t.sales_priority, t.purchase_priority
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_pricing_dimension t on t.name = k.k1
