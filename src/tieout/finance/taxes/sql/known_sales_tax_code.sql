-- question:   Which of these sales tax codes (company, code) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_sales_tax_code_key
select k.place, c.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_sales_tax_code c on c.company_code = k.k1 and c.code = k.k2
