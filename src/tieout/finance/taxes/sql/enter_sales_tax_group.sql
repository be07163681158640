-- question:   Enter these records (sales_tax_group): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_sales_tax_group_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, kind text, tax_group text, tax_code text
    )
),
written as (
    insert into finance_sales_tax_group as t (company_code, kind, tax_group, tax_code)
    select
        n.company,
        n.kind,
        n.tax_group,
        n.tax_code
    from n
    on conflict (company_code, kind, tax_group, tax_code) do nothing
    returning company_code, kind, tax_group, tax_code
)
select
    n."row",
    case when w.tax_code is null then 'already there' else 'loaded' end as outcome
from n
left join written w on w.company_code = n.company and w.kind = n.kind and w.tax_group = n.tax_group and w.tax_code = n.tax_code
