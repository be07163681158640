-- question:   Which of these dimensions are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_dimension_code_key
select k.place, d.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join finance_dimension d on d.code = k.k1
