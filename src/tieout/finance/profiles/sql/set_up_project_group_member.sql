-- question:   Which records (entity project_group_member) are set up, as the file format has them, with this key and after
--             this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_project_group_member_key
select t.company_code as company, p.number as project, g.code as project_group
from finance_project_group_member t
join finance_project_group g on g.id = t.project_group_id
join finance_project p on p.id = t.project_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'project' is null or p.number = %(key)s::jsonb ->> 'project')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'project' is null or p.number ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, p.number) > (%(after)s::jsonb ->> 'company', %(after)s::jsonb ->> 'project')
    )
order by t.company_code, p.number
limit %(row_limit)s
