-- question:   Which records (entity project_parameters) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_project_parameters_company_code_key
select
    t.company_code as company,
    t.interorganizational,
    t.daily_minutes,
    t.approval_threshold,
    t.journal_validation,
    t.general_journal_sales
from operations_project_parameters t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(after)s::jsonb is null or t.company_code > %(after)s::jsonb ->> 'company')
order by t.company_code
limit %(row_limit)s
