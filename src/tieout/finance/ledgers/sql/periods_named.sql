-- question:   Which of these periods are of the calendar of a company, and what are they called?
-- grain:      one row per period that is
-- parameters: company, periods
-- index:      finance_fiscal_period_pkey, finance_company_code_key
select p.id, p.name
from finance_company c
join finance_fiscal_period p on p.calendar = c.calendar
where c.code = %(company)s and p.id = any(%(periods)s::uuid[])
