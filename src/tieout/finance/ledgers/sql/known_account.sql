-- question:   Which of these accounts (company, number) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_company_code_key, finance_account_key
select k.place, a.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_company c on c.code = k.k1
join finance_account a on a.chart = c.chart and a.number = k.k2
