-- question:   Which of these projects are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_project_number_key
select k.place, p.id, p.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_project p on p.number = k.k1
