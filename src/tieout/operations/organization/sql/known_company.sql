-- question:   Which of these companies, as finance has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_company_code_key
select k.place, c.id, c.code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_company c on c.code = k.k1
