-- question:   Which of these sales tax groups and item sales tax groups (company, group) hold a tax?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_sales_tax_group_key
select k.place
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
where exists (select from finance_sales_tax_group g where g.company_code = k.k1 and g.tax_group = k.k2)
