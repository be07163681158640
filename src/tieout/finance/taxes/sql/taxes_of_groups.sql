-- question:   Which taxes do the groups of a company hold, and what percent are they?
-- grain:      one row per tax of a group: kind (sales, item), group, tax
-- parameters: company, groups
-- index:      finance_sales_tax_group_key, finance_sales_tax_code_key
select g.kind, g.tax_group, g.tax_code, c.percent
from finance_sales_tax_group g
join finance_sales_tax_code c on c.company_code = g.company_code and c.code = g.tax_code
where g.company_code = %(company)s and g.tax_group = any(%(groups)s::text[])
order by g.kind, g.tax_group, g.tax_code
