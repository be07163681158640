-- question:   Enter these records (contract_line_task): which are new, which change, which are there already?
--             The line must take selected tasks, and work of the task's project. What is selected of a closed
--             project stays as it is.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_task_key, operations_contract_line_project_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_line_id uuid, task_id uuid, billing_type text, active int
    )
),
refused as materialized (
    select
        n."row",
        case
            when p.contract_line_id is distinct from n.contract_line_id and mapped.id is null then 'LOAD-340'
            when l.included_tasks = 'all' then 'LOAD-341'
            else 'LOAD-346'
        end as code,
        'task' as field,
        p.number as stored,
        task.number as value
    from n
    inner join operations_contract_line l on l.id = n.contract_line_id
    inner join operations_task task on task.id = n.task_id
    inner join operations_project p on p.id = task.project_id
    left join operations_contract_line_project mapped
        on mapped.project_id = p.id and mapped.contract_line_id = n.contract_line_id
    left join operations_contract_line_task t
        on t.contract_line_id = n.contract_line_id and t.task_id = n.task_id
    where (p.contract_line_id is distinct from n.contract_line_id and mapped.id is null)
        or l.included_tasks = 'all'
        or (p.stage = 'closed' and (t.billing_type, t.active) is distinct from (n.billing_type, n.active = 1)
            and t.id is not null)
),
written as (
    insert into operations_contract_line_task as t (contract_line_id, task_id, billing_type, active, version)
    select
        n.contract_line_id,
        n.task_id,
        n.billing_type,
        n.active = 1,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (contract_line_id, task_id) do update set
        billing_type = excluded.billing_type,
        active = excluded.active,
        version = t.version + 1
    where (t.billing_type, t.active) is distinct from (excluded.billing_type, excluded.active)
    returning contract_line_id, task_id, version = 1 as is_new
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.contract_line_id = n.contract_line_id and w.task_id = n.task_id
left join refused r on r."row" = n."row"
