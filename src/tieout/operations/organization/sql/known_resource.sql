-- question:   Which of these resources are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_resource_code_key
select k.place, r.id, r.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_resource r on r.code = k.k1
