-- question:   Which fiscal years does the calendar of a company have?
-- grain:      one row per fiscal year, the newest first
-- parameters: company
-- index:      finance_company_code_key, finance_fiscal_period_key
select p.fiscal_year as name, min(p.starts) as starts, max(p.ends) as ends
from finance_company c
join finance_fiscal_period p on p.calendar = c.calendar
where c.code = %(company)s
group by p.fiscal_year
order by min(p.starts) desc, p.fiscal_year
