-- question:   Which of these values (dimension, value) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_dimension_value_key
select k.place, v.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_dimension_value v on v.dimension = k.k1 and v.value = k.k2
