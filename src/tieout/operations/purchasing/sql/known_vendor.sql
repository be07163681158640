-- question:   Which of these vendors (company, account number), as finance has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      none yet: vendors are few beside what names them
select k.place, t.id, t.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join operations_vendor t on t.company_code = k.k1 and t.account_number = k.k2
