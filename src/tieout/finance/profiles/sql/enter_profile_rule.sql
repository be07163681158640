-- question:   Enter these records (profile_rule): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_profile_rule_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, billing_method text, project_id uuid, project_group_id uuid, contract_id uuid,
        profile_id uuid
    )
),
written as (
    insert into finance_profile_rule as t (
        company_code, billing_method, project_id, project_group_id, contract_id, profile_id
    )
    select
        n.company,
        n.billing_method,
        n.project_id,
        n.project_group_id,
        n.contract_id,
        n.profile_id
    from n
    on conflict (company_code, billing_method, project_id, project_group_id, contract_id) do update set
        profile_id = excluded.profile_id
    where (t.profile_id)
        is distinct from (excluded.profile_id)
    returning company_code, billing_method, project_id, project_group_id, contract_id, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company
    and w.billing_method = n.billing_method
    and w.project_id is not distinct from n.project_id
    and w.project_group_id is not distinct from n.project_group_id
    and w.contract_id is not distinct from n.contract_id
