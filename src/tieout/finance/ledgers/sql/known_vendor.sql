-- question:   Which of these vendors (company, account number) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_vendor_key
select k.place, v.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_vendor v on v.company_code = k.k1 and v.account_number = k.k2
