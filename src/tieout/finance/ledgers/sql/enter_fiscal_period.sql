-- question:   Enter these records (fiscal_period): which are new, which change, which are there already?
--             The dates and the kind of a period that is not open in some company stay, on hold or closed, for all modules
--             or for one: its days would open by another way than its status. Two operating periods of a calendar never
--             overlap: a date has one (finance spec 2.4).
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_fiscal_period_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, calendar text, "year" text, "name" text, "kind" text, "start" date, "end" date
    )
),
kept as materialized (
    select n."row", 'LOAD-210' as code, d.field, d.stored, d.value
    from n
    join finance_fiscal_period t on t.calendar = n.calendar and t.fiscal_year = n."year" and t.name = n.name
    cross join lateral (
        select x.field, x.stored, x.value
        from (
            values
            ('kind', t.kind::text, n.kind), ('start', t.starts::text, n."start"::text), ('end', t.ends::text, n."end"::text)
        ) x (field, stored, value)
        where x.stored <> x.value
        limit 1
    ) d
    where exists (select from finance_period_status s where s.period_id = t.id and s.status <> 'open')
),
-- What will stand there: of two records of the request that overlap the first.
other as materialized (
    select n."row", n.calendar, n."year", n."name", n."start", n."end"
    from n
    where n."kind" = 'operating' and n."row" not in (select c."row" from kept c)
    union all
    select -1, t.calendar, t.fiscal_year, t.name, t.starts, t.ends
    from finance_fiscal_period t
    where t.kind = 'operating'
        and not exists (
            select from n
            where n.calendar = t.calendar and n."year" = t.fiscal_year and n."name" = t.name
                and n."row" not in (select c."row" from kept c)
        )
),
refused as materialized (
    select c.* from kept c
    union all
    select * from (
        select distinct on (n."row")
            n."row", 'LOAD-234', 'start', format('%%s of %%s', o."name", o."year"),
            format('%%s of %%s', n."name", n."year")
        from n
        join other o on o.calendar = n.calendar and o."row" < n."row"
            and o."start" <= n."end" and o."end" >= n."start"
        where n."kind" = 'operating'
        order by n."row", o."row", o."start"
    ) x
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
    where n."row" not in (select r."row" from refused r)
    on conflict (calendar, fiscal_year, name) do update set
        kind = excluded.kind,
        starts = excluded.starts,
        ends = excluded.ends
    where (t.kind, t.starts, t.ends) is distinct from (excluded.kind, excluded.starts, excluded.ends)
    returning calendar, fiscal_year, name, xmax = 0 as is_new
)
select
    n."row",
    coalesce(
        r.code, case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.calendar = n.calendar and w.fiscal_year = n."year" and w.name = n.name
left join refused r on r."row" = n."row"
