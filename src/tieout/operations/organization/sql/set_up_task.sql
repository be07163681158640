-- question:   Which records (entity task) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_project_number_key, operations_task_key
select
    p.number as project,
    t.number,
    t.name,
    up.number as parent,
    t.active
from operations_task t
inner join operations_project p on p.id = t.project_id
left join operations_task up on up.id = t.parent_id
where (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'project' is null or p.number = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'number' is null or t.number = %(key)s::jsonb ->> 'number')
    and (%(prefix)s::jsonb ->> 'project' is null or p.number ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'number' is null or t.number ^@ (%(prefix)s::jsonb ->> 'number'))
    and (%(after)s::jsonb is null or p.number >= %(after)s::jsonb ->> 'project')
    and (
        %(after)s::jsonb is null
        or (p.number, t.number)
        > (
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'number'
        )
    )
order by p.number, t.number
limit %(row_limit)s
