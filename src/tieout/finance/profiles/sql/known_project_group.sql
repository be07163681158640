-- question:   Which of these project groups, named by company and code, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_project_group_key
select k.place, g.id, g.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_project_group g on g.company_code = k.k1 and g.code = k.k2
