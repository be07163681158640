-- question:   Which of these projects, as operations has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_project_number
select distinct on (k.place) k.place, p.id, p.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join finance_project p on p.number = k.k1
order by k.place, p.version desc, p.id
