-- question:   Which of these companies are set up?
-- grain:      one row per company; parameter null: every company
-- parameters: companies
-- index:      none: a handful of rows
select
    c.code,
    c.name,
    c.accounting_currency,
    coalesce(a.digits, 2) as digits,
    c.reporting_currency,
    coalesce(r.digits, 2) as reporting_digits
from finance_company c
left join finance_currency a on a.code = c.accounting_currency
left join finance_currency r on r.code = c.reporting_currency
where %(companies)s::text[] is null or c.code = any(%(companies)s::text[])
order by c.code
