-- question:   Which records (entity fiscal_period) are set up, as the file format has them, with this key and after this one?
--             A calendar that only other companies use is withheld.
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_fiscal_period_key
select
    t.calendar,
    t.fiscal_year as "year",
    t.name,
    t.kind,
    t.starts as start,
    t.ends as "end"
from finance_fiscal_period t
where (
        %(companies)s::text[] is null
        or t.calendar in (select c.calendar from finance_company c where c.code = any(%(companies)s::text[]))
        or not exists (select from finance_company c where c.calendar = t.calendar)
    )
    and (%(key)s::jsonb ->> 'calendar' is null or t.calendar = %(key)s::jsonb ->> 'calendar')
    and (%(key)s::jsonb ->> 'year' is null or t.fiscal_year = %(key)s::jsonb ->> 'year')
    and (%(key)s::jsonb ->> 'name' is null or t.name = %(key)s::jsonb ->> 'name')
    and (%(prefix)s::jsonb ->> 'calendar' is null or t.calendar ^@ (%(prefix)s::jsonb ->> 'calendar'))
    and (%(prefix)s::jsonb ->> 'year' is null or t.fiscal_year ^@ (%(prefix)s::jsonb ->> 'year'))
    and (%(prefix)s::jsonb ->> 'name' is null or t.name ^@ (%(prefix)s::jsonb ->> 'name'))
    and (
        %(after)s::jsonb is null
        or (t.calendar, t.fiscal_year, t.name)
        > (
            %(after)s::jsonb ->> 'calendar',
            %(after)s::jsonb ->> 'year',
            %(after)s::jsonb ->> 'name'
        )
    )
order by t.calendar, t.fiscal_year, t.name
limit %(row_limit)s
