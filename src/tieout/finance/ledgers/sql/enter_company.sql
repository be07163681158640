-- question:   Enter these records (company): which are new, which change, which are there already?
--             A ledger never changes its currencies: what stands in it would mean something else. Nor does it leave a
--             calendar while one of its periods is not open there: the other would have the same days open.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_company_code_key, finance_period_status_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, currency text, reporting_currency text, chart text, calendar text
    )
),
refused as materialized (
    select n."row", d.field, d.stored, d.value
    from n
    join finance_company t on t.code = n.code
    cross join lateral (
        select x.field, x.stored, x.value
        from (
            values
            (1, 'currency', t.accounting_currency, n.currency),
            (2, 'reporting_currency', t.reporting_currency, n.reporting_currency),
            (3, 'calendar', t.calendar, n.calendar)
        ) x (rank, field, stored, value)
        where x.stored <> x.value
            and (
                x.field <> 'calendar'
                or exists (
                    select
                    from finance_period_status s
                    join finance_fiscal_period p on p.id = s.period_id
                    where s.company_code = t.code and p.calendar = t.calendar and s.status <> 'open'
                )
            )
        order by x.rank
        limit 1
    ) d
),
written as (
    insert into finance_company as t (code, name, accounting_currency, reporting_currency, chart, calendar, version)
    select
        n.code,
        n.name,
        n.currency,
        n.reporting_currency,
        n.chart,
        n.calendar,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (code) do update set
        name = excluded.name,
        accounting_currency = excluded.accounting_currency,
        reporting_currency = excluded.reporting_currency,
        chart = excluded.chart,
        calendar = excluded.calendar,
        version = t.version + 1
    where (t.name, t.accounting_currency, t.reporting_currency, t.chart, t.calendar) is distinct from (excluded.name, excluded.accounting_currency, excluded.reporting_currency, excluded.chart, excluded.calendar)
    returning id, code, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'cdm_companies', id from written where outbox_captures('cdm_companies')
)
select
    n."row",
    case when r.field is not null then 'LOAD-210' when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
        as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.code = n.code
left join refused r on r."row" = n."row"
