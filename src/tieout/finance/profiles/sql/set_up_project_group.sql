-- question:   Which records (entity project_group) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_project_group_key
select t.company_code as company, t.code, t.name
from finance_project_group t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'code' is null or t.code = %(key)s::jsonb ->> 'code')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'code' is null or t.code ^@ (%(prefix)s::jsonb ->> 'code'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.code) > (%(after)s::jsonb ->> 'company', %(after)s::jsonb ->> 'code')
    )
order by t.company_code, t.code
limit %(row_limit)s
