-- question:   Enter these records (item_sales_tax_group_use): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_sales_tax_group_use_key
with n as materialized (
    select
        n."row",
        n.company,
        case when n.category_id is not null then 'category' when n.product_id is not null then 'product' end as owner_kind,
        coalesce(n.category_id, n.product_id) as owner_id,
        coalesce(n.category, n.product) as owner_code,
        n.tax_group
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, category text, category_id uuid, product text, product_id uuid,
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
