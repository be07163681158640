-- question:   Enter these records (project_approver): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_project_approver_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n ("row" int, project_id uuid, "user" text, active int)
),
written as (
    insert into operations_project_approver as t (project_id, user_name, active, version)
    select n.project_id, n."user", n.active = 1, 1
    from n
    on conflict (project_id, user_name) do update set
        active = excluded.active,
        version = t.version + 1
    where t.active is distinct from excluded.active
    returning project_id, user_name, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome,
    null as field,
    null as stored,
    null as value
from n
left join written w on w.project_id = n.project_id and w.user_name = n."user"
