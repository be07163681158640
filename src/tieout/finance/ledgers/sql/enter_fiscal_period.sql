-- question:   Enter these records (fiscal_period): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_fiscal_period_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, calendar text, "year" text, "name" text, "kind" text, "start" date, "end" date
    )
),
written as (
    insert into finance_fiscal_period as t (calendar, fiscal_year, name, kind, starts, ends)
    select
        n.calendar,
        n."year",
        n.name,
        n.kind,
        n."start",
        n."end"
    from n
    on conflict (calendar, fiscal_year, name) do update set
        kind = excluded.kind,
        starts = excluded.starts,
        ends = excluded.ends
    where (t.kind, t.starts, t.ends) is distinct from (excluded.kind, excluded.starts, excluded.ends)
    returning calendar, fiscal_year, name, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.calendar = n.calendar and w.fiscal_year = n."year" and w.name = n.name
