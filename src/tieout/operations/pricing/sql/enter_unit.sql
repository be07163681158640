-- question:   Enter these records (unit): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_measure_unit_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, unit_group text, size numeric
    )
),
written as (
    insert into operations_measure_unit as t (code, name, unit_group, size, version)
    select
        n.code,
        n.name,
        n.unit_group,
        n.size,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        unit_group = excluded.unit_group,
        size = excluded.size,
        version = t.version + 1
    where (t.name, t.unit_group, t.size) is distinct from (excluded.name, excluded.unit_group, excluded.size)
    returning code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
