-- question:   Enter these records (project_group_member): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_project_group_member_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, project_id uuid, project_group_id uuid
    )
),
written as (
    insert into finance_project_group_member as t (company_code, project_id, project_group_id)
    select n.company, n.project_id, n.project_group_id
    from n
    on conflict (company_code, project_id) do update set
        project_group_id = excluded.project_group_id
    where t.project_group_id is distinct from excluded.project_group_id
    returning company_code, project_id, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.project_id = n.project_id
