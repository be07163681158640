-- question:   Enter these records (sales_tax_group_use): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_sales_tax_group_use_key
with n as materialized (
    select
        n."row",
        n.company,
        case when n.project_id is not null then 'project' when n.contract_id is not null then 'contract' when n.customer_id is not null then 'customer' end as owner_kind,
        coalesce(n.project_id, n.contract_id, n.customer_id) as owner_id,
        coalesce(n.project, n.contract, n.customer) as owner_code,
        n.tax_group
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, project text, project_id uuid, contract text, contract_id uuid, customer text, customer_id uuid,
        tax_group text
    )
),
written as (
    insert into finance_sales_tax_group_use as t (company_code, owner_kind, owner_id, owner_code, tax_group)
    select
        n.company,
        n.owner_kind,
        n.owner_id,
        n.owner_code,
        n.tax_group
    from n
    on conflict (company_code, owner_id) do update set
        tax_group = excluded.tax_group
    where t.tax_group is distinct from excluded.tax_group
    returning company_code, owner_id, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.owner_id = n.owner_id
