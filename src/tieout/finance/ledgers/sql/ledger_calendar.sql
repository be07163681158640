-- question:   What is the status of each period of a fiscal year for a company, for all modules and for each?
-- grain:      one row per period of the company's calendar; statuses by module, those that nobody set left out
-- parameters: company, fiscal_year
-- index:      finance_company_code_key, finance_fiscal_period_key, finance_period_status_key
select
    p.id,
    p.fiscal_year,
    p.name,
    p.kind,
    p.starts,
    p.ends,
    coalesce(s.statuses, '{}'::jsonb)::text as statuses
from finance_company c
join finance_fiscal_period p on p.calendar = c.calendar and p.fiscal_year = %(fiscal_year)s
left join lateral (
    select jsonb_object_agg(x.module, x.status) as statuses
    from finance_period_status x
    where x.company_code = c.code and x.period_id = p.id
) s on true
where c.code = %(company)s
order by p.starts, p.kind = 'closing', p.kind = 'operating', p.name
