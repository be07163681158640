-- question:   Which of these categories are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_category_code_key
select k.place, c.id, c.transaction_class
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_category c on c.code = k.k1
