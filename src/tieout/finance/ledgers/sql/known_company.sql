-- question:   Which of these companies are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_company_code_key, finance_integration_parameters_pkey
select
    k.place, c.id, c.code as company, c.accounting_currency as currency, u.digits,
    nullif(i.default_item_category, '') as default_item_category
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join finance_company c on c.code = k.k1
left join finance_currency u on u.code = c.accounting_currency
left join finance_integration_parameters i on i.company_code = c.code
