-- question:   Enter these records (line_property): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_line_property_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, billing_type text, line_property text, accrue_revenue int
    )
),
written as (
    insert into finance_line_property as t (company_code, billing_type, line_property, accrue_revenue)
    select
        n.company,
        n.billing_type,
        n.line_property,
        n.accrue_revenue = 1
    from n
    on conflict (company_code, billing_type) do update set
        line_property = excluded.line_property,
        accrue_revenue = excluded.accrue_revenue
    where (t.line_property, t.accrue_revenue) is distinct from (excluded.line_property, excluded.accrue_revenue)
    returning company_code, billing_type, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.billing_type = n.billing_type
