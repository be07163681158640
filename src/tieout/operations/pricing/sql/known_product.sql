-- question:   Which of these products are set up, and in which group of units?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_product_code_key
select k.place, t.id, t.unit_group
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_product t on t.code = k.k1
