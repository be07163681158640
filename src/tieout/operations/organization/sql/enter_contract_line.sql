-- question:   Enter these records (contract_line): which are new, which change, which are there already?
--             What finance knows of a project follows its contract line, so its projects are stated again.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_contract_line_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_id uuid, line_number int, "name" text, billing_method text
    )
),
written as (
    insert into operations_contract_line as t (contract_id, line_number, name, billing_method, version)
    select
        n.contract_id,
        n.line_number,
        n.name,
        n.billing_method,
        1
    from n
    on conflict (contract_id, line_number) do update set
        name = excluded.name,
        billing_method = excluded.billing_method,
        version = t.version + 1
    where (t.name, t.billing_method) is distinct from (excluded.name, excluded.billing_method)
    returning id, contract_id, line_number, version = 1 as is_new
),
projects as (
    update operations_project p set version = p.version + 1
    from written w
    where p.contract_line_id = w.id and not w.is_new
    returning p.id
),
stated as (
    insert into outbox_entry (map, key)
    select 'salesorderdetails', id from written where outbox_captures('salesorderdetails')
    union all
    select 'msdyn_projects', id from projects where outbox_captures('msdyn_projects')
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.contract_id = n.contract_id and w.line_number = n.line_number
