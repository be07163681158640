-- question:   Enter these records (dimension_default): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_dimension_default_key
with n as materialized (
    select
        n."row",
        n.company,
        case
            when n.project_id is not null then 'project'
            when n.vendor_id is not null then 'vendor'
            when n.resource_id is not null then 'resource'
            else 'customer'
        end as owner_kind,
        coalesce(n.project_id, n.vendor_id, n.resource_id, n.customer_id) as owner_id,
        coalesce(n.project, n.vendor, n.resource, n.customer) as owner_code,
        n.dimension,
        n."value"
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, project text, project_id uuid, vendor text, vendor_id uuid, resource text,
        resource_id uuid, customer text, customer_id uuid, dimension text, "value" text
    )
),
written as (
    insert into finance_dimension_default as t (company_code, owner_kind, owner_id, owner_code, dimension, value)
    select
        n.company,
        n.owner_kind,
        n.owner_id,
        n.owner_code,
        n.dimension,
        n."value"
    from n
    on conflict (company_code, owner_id, dimension) do update set
        value = excluded.value
    where t.value is distinct from excluded.value
    returning company_code, owner_id, dimension, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.owner_id = n.owner_id and w.dimension = n.dimension
