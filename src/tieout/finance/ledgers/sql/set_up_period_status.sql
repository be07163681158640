-- question:   Which records (entity period_status) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_period_status_key
select
    t.company_code as company,
    p.calendar,
    p.fiscal_year as "year",
    p.name,
    t.module,
    t.status
from finance_period_status t
inner join finance_fiscal_period p on p.id = t.period_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'calendar' is null or p.calendar = %(key)s::jsonb ->> 'calendar')
    and (%(key)s::jsonb ->> 'year' is null or p.fiscal_year = %(key)s::jsonb ->> 'year')
    and (%(key)s::jsonb ->> 'name' is null or p.name = %(key)s::jsonb ->> 'name')
    and (%(key)s::jsonb ->> 'module' is null or t.module = %(key)s::jsonb ->> 'module')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'calendar' is null or p.calendar ^@ (%(prefix)s::jsonb ->> 'calendar'))
    and (%(prefix)s::jsonb ->> 'year' is null or p.fiscal_year ^@ (%(prefix)s::jsonb ->> 'year'))
    and (%(prefix)s::jsonb ->> 'name' is null or p.name ^@ (%(prefix)s::jsonb ->> 'name'))
    and (%(prefix)s::jsonb ->> 'module' is null or t.module ^@ (%(prefix)s::jsonb ->> 'module'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, p.calendar, p.fiscal_year, p.name, t.module)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'calendar',
            %(after)s::jsonb ->> 'year',
            %(after)s::jsonb ->> 'name',
            %(after)s::jsonb ->> 'module'
        )
    )
order by t.company_code, p.calendar, p.fiscal_year, p.name, t.module
limit %(row_limit)s
