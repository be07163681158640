-- question:   Which of these customers (company, account number) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_customer_key
select k.place, c.id, c.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join operations_customer c on c.company_code = k.k1 and c.account_number = k.k2
