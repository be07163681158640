-- question:   Which of these quotes are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_quote_number_key
select k.place, q.id, q.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_quote q on q.number = k.k1
