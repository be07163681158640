-- question:   Enter these records (resource): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_resource_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, organizational_unit_id uuid, company text, "user" text, manager_id uuid
    )
),
written as (
    insert into operations_resource as t (code, name, unit_id, company_code, user_name, manager_id, version)
    select
        n.code,
        n.name,
        n.organizational_unit_id,
        n.company,
        coalesce(n."user", ''),
        n.manager_id,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        unit_id = excluded.unit_id,
        company_code = excluded.company_code,
        user_name = excluded.user_name,
        manager_id = excluded.manager_id,
        version = t.version + 1
    where (t.name, t.unit_id, t.company_code, t.user_name, t.manager_id)
        is distinct from (
            excluded.name, excluded.unit_id, excluded.company_code, excluded.user_name, excluded.manager_id
        )
    returning code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
