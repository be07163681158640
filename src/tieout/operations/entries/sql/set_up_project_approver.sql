-- question:   Which records (entity project_approver) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_project_number_key, operations_project_approver_key
select
    p.number as project,
    t.user_name as "user",
    t.active
from operations_project_approver t
inner join operations_project p on p.id = t.project_id
where (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'project' is null or p.number = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'user' is null or t.user_name = %(key)s::jsonb ->> 'user')
    and (%(prefix)s::jsonb ->> 'project' is null or p.number ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'user' is null or t.user_name ^@ (%(prefix)s::jsonb ->> 'user'))
    and (
        %(after)s::jsonb is null
        or (p.number, t.user_name) > (%(after)s::jsonb ->> 'project', %(after)s::jsonb ->> 'user')
    )
order by p.number, t.user_name
limit %(row_limit)s
