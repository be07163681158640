-- question:   Which records (entity company) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_company_code_key
select
    t.code,
    t.name,
    t.accounting_currency as currency,
    t.reporting_currency,
    t.chart,
    t.calendar
from finance_company t
where (%(companies)s::text[] is null or t.code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'code' is null or t.code = %(key)s::jsonb ->> 'code')
    and (%(prefix)s::jsonb ->> 'code' is null or t.code ^@ (%(prefix)s::jsonb ->> 'code'))
    and (%(after)s::jsonb is null or t.code > %(after)s::jsonb ->> 'code')
order by t.code
limit %(row_limit)s
