-- question:   Which of these sales tax groups and item sales tax groups (company, group) hold a tax, and of which kind are
--             they: sales (who is billed), item (what is), or both by the same name?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_sales_tax_group_key
select k.place, bool_or(g.kind = 'sales') as is_sales, bool_or(g.kind = 'item') as is_item
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join finance_sales_tax_group g on g.company_code = k.k1 and g.tax_group = k.k2
group by k.place
