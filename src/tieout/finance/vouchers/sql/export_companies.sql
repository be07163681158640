-- question:   Which legal entities keep books, and in which currency?
-- grain:      one row per company
-- parameters: none
-- index:      none: reads the few rows of finance_company
select
    c.code,
    c.name,
    c.accounting_currency as currency_code,
    coalesce(k.digits, 2) as digits
from finance_company c
left join finance_currency k on k.code = c.accounting_currency
order by c.code
