-- question:   Who changed the status of which period of a company, and when?
-- grain:      one row per change, the newest first, below `before`; at most row_limit
-- parameters: company, before, row_limit
-- index:      finance_period_change_of, finance_fiscal_period_pkey
select
    x.id,
    p.fiscal_year,
    p.name,
    x.module,
    x.status_before,
    x.status,
    x.changed_by,
    x.changed_at
from finance_period_change x
join finance_fiscal_period p on p.id = x.period_id
where x.company_code = %(company)s and x.id < %(before)s
order by x.id desc
limit %(row_limit)s
