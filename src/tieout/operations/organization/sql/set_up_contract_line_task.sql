-- question:   Which records (entity contract_line_task) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_contract_number_key, operations_contract_line_task_key
select
    c.number as contract,
    cl.line_number as contract_line,
    p.number as project,
    k.number as task,
    t.billing_type,
    t.active
from operations_contract_line_task t
inner join operations_contract_line cl on cl.id = t.contract_line_id
inner join operations_contract c on c.id = cl.contract_id
inner join operations_task k on k.id = t.task_id
inner join operations_project p on p.id = k.project_id
where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'contract' is null or c.number = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'contract_line' is null or cl.line_number::text = %(key)s::jsonb ->> 'contract_line')
    and (%(key)s::jsonb ->> 'project' is null or p.number = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'task' is null or k.number = %(key)s::jsonb ->> 'task')
    and (%(prefix)s::jsonb ->> 'contract' is null or c.number ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'contract_line' is null or cl.line_number::text ^@ (%(prefix)s::jsonb ->> 'contract_line'))
    and (%(prefix)s::jsonb ->> 'project' is null or p.number ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'task' is null or k.number ^@ (%(prefix)s::jsonb ->> 'task'))
    and (%(after)s::jsonb is null or c.number >= %(after)s::jsonb ->> 'contract')
    and (
        %(after)s::jsonb is null
        or (c.number, cl.line_number, p.number, k.number)
        > (
            %(after)s::jsonb ->> 'contract',
            (%(after)s::jsonb ->> 'contract_line')::int,
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'task'
        )
    )
order by c.number, cl.line_number, p.number, k.number
limit %(row_limit)s
