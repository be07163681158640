-- question:   Enter these records (task): which are new, which change, which are there already?
--             A parent may be a record of the same request. Tasks of a closed project stay as they are.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_task_key
with recursive n as materialized (
    select n.*, t.id as stored_id, coalesce(t.id, tieout_id()) as id, parent.id as stored_parent_id
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, project_id uuid, number text, "name" text, parent text, active int
    )
    left join operations_task t on t.project_id = n.project_id and t.number = n.number
    left join operations_task parent on parent.project_id = n.project_id and parent.number = n.parent
),
placed as (
    select n."row", n.project_id, n.number, n.id, n.stored_parent_id as parent_id
    from n
    where n.parent is null or n.stored_parent_id is not null
    union
    select n."row", n.project_id, n.number, n.id, p.id
    from n
    inner join placed p on p.project_id = n.project_id and p.number = n.parent
    where n.stored_parent_id is null
),
refused as materialized (
    select n."row", 'LOAD-330' as code, 'parent' as field, null as stored, n.parent as value
    from n
    where n."row" not in (select p."row" from placed p)
    union all
    select n."row", 'LOAD-346', 'project', p.stage, p.number
    from n
    inner join placed on placed."row" = n."row"
    inner join operations_task t on t.id = n.stored_id
    inner join operations_project p on p.id = n.project_id
    where p.stage = 'closed'
        and (t.name, t.parent_id, t.active) is distinct from (n.name, placed.parent_id, n.active = 1)
),
written as (
    insert into operations_task as t (id, project_id, number, name, parent_id, active, version)
    select
        n.id,
        n.project_id,
        n.number,
        n.name,
        placed.parent_id,
        n.active = 1,
        1
    from n
    inner join placed on placed."row" = n."row"
    where n."row" not in (select r."row" from refused r)
    on conflict (project_id, number) do update set
        name = excluded.name,
        parent_id = excluded.parent_id,
        active = excluded.active,
        version = t.version + 1
    where (t.name, t.parent_id, t.active) is distinct from (excluded.name, excluded.parent_id, excluded.active)
    returning project_id, number, version = 1 as is_new
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
left join written w on w.project_id = n.project_id and w.number = n.number
left join refused r on r."row" = n."row"
