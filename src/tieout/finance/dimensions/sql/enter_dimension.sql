-- question:   Enter these records (dimension): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_dimension_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text
    )
),
written as (
    insert into finance_dimension as t (code, name)
    select
        n.code,
        n.name
    from n
    on conflict (code) do update set
        name = excluded.name
    where t.name is distinct from excluded.name
    returning code, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
