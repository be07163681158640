-- question:   Enter these records (account): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_account_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, chart text, number text, "name" text, "kind" text
    )
),
written as (
    insert into finance_account as t (chart, number, name, kind)
    select
        n.chart,
        n.number,
        n.name,
        n.kind
    from n
    on conflict (chart, number) do update set
        name = excluded.name,
        kind = excluded.kind
    where (t.name, t.kind) is distinct from (excluded.name, excluded.kind)
    returning chart, number, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.chart = n.chart and w.number = n.number
