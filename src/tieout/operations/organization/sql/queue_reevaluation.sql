-- question:   Of which projects do these entered records change how recorded work is billed? They are queued to be
--             evaluated again (operations spec 2.1, E23); where the answers stay, nothing is queued. Each record has
--             the number of a project, a task, a project, or the contract line whose projects are meant.
-- grain:      one row per queued project; what waits already is not queued again
-- parameters: records, asked_by
-- index:      operations_project_number_key, operations_contract_line_key, operations_task_pkey,
--             operations_actual_of_project, operations_actual_reversal, operations_reevaluation_waits
with record as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as record (
        number text, contract_id uuid, line_number int, contract_line_id uuid, project_id uuid, task_id uuid
    )
),

line as materialized (
    select line.id
    from record
    inner join operations_contract_line as line
        on line.contract_id = record.contract_id and line.line_number = record.line_number
    union
    select contract_line_id
    from record
    where number is null and project_id is null and task_id is null and contract_line_id is not null
),

touched as materialized (
    select project.id
    from record
    inner join operations_project as project on project.number = record.number
    union
    select project_id
    from record
    where project_id is not null
    union
    select task.project_id
    from record
    inner join operations_task as task on task.id = record.task_id
    union
    select project.id
    from line
    inner join operations_project as project on project.contract_line_id = line.id
    union
    select mapped.project_id
    from line
    inner join operations_contract_line_project as mapped on mapped.contract_line_id = line.id
),

-- Asked once for all work that is alike.
alike as materialized (
    select distinct
        touched.id as project_id, work.task_id, work.transaction_class, work.role_id, work.category_id,
        work.contract_line_id, work.billing_type
    from touched
    cross join lateral operations_recorded_work(touched.id) as work
),

changed as materialized (
    select distinct alike.project_id
    from alike
    cross join lateral operations_answer(
        alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
    ) as answer
    where (answer.contract_line_id, answer.billing_type)
        is distinct from (alike.contract_line_id, alike.billing_type)
)

insert into operations_reevaluation (company_code, project_id, is_whole, reason, asked_by, done, refused)
select project.company_code, project.id, false, 'contract_line', %(asked_by)s, 0, 0
from changed
inner join operations_project as project on project.id = changed.project_id
order by project.number
on conflict (project_id, is_whole, contract_id, contract_line_id) where begun_at is null do nothing
returning project_id
