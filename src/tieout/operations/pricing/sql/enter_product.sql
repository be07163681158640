-- question:   Enter these records (product): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_product_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, unit_group text
    )
),
written as (
    insert into operations_product as t (code, name, unit_group, version)
    select
        n.code,
        n.name,
        n.unit_group,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        unit_group = excluded.unit_group,
        version = t.version + 1
    where (t.name, t.unit_group) is distinct from (excluded.name, excluded.unit_group)
    returning code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
