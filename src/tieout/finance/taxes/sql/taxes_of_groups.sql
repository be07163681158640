-- question:   Which taxes do sales with these pairs of groups take, and what percent are they?
-- grain:      one row per tax of a pair: sales tax group, item sales tax group, tax; in the order of taxes
-- parameters: company, tax_groups, item_tax_groups
-- index:      finance_sales_tax_group_key, finance_sales_tax_code_key
select t.tax_group, t.item_tax_group, t.tax_code, t.percent
from finance_sales_taxes(%(company)s, %(tax_groups)s::text[], %(item_tax_groups)s::text[]) t
order by t.tax_group, t.item_tax_group, t.tax_code
