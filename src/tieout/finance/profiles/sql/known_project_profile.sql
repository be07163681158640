-- question:   Which of these profiles, named by company, billing method and code, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_project_profile_key
select k.place, p.id, p.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text, k3 text)
join finance_project_profile p on p.company_code = k.k1 and p.code = k.k3 and p.billing_method = k.k2
