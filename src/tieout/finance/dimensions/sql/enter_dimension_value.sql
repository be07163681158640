-- question:   Enter these records (dimension_value): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_dimension_value_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, dimension text, "value" text, "name" text
    )
),
written as (
    insert into finance_dimension_value as t (dimension, value, name)
    select
        n.dimension,
        n."value",
        n.name
    from n
    on conflict (dimension, value) do update set
        name = excluded.name
    where t.name is distinct from excluded.name
    returning dimension, value, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.dimension = n.dimension and w.value = n."value"
