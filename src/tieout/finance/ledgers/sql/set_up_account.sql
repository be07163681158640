-- question:   Which records (entity account) are set up, as the file format has them, with this key and after this one?
--             A chart that only other companies use is withheld.
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_account_key
select
    t.chart,
    t.number,
    t.name,
    t.kind
from finance_account t
where (
        %(companies)s::text[] is null
        or t.chart in (select c.chart from finance_company c where c.code = any(%(companies)s::text[]))
        or not exists (select from finance_company c where c.chart = t.chart)
    )
    and (%(key)s::jsonb ->> 'chart' is null or t.chart = %(key)s::jsonb ->> 'chart')
    and (%(key)s::jsonb ->> 'number' is null or t.number = %(key)s::jsonb ->> 'number')
    and (%(prefix)s::jsonb ->> 'chart' is null or t.chart ^@ (%(prefix)s::jsonb ->> 'chart'))
    and (%(prefix)s::jsonb ->> 'number' is null or t.number ^@ (%(prefix)s::jsonb ->> 'number'))
    and (
        %(after)s::jsonb is null
        or (t.chart, t.number)
        > (
            %(after)s::jsonb ->> 'chart',
            %(after)s::jsonb ->> 'number'
        )
    )
order by t.chart, t.number
limit %(row_limit)s
