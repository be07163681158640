-- question:   Enter these records (period_status): which are new, which change, which are there already?
--             A period that is permanently closed for all modules, or for this one, stays closed. Each change of a
--             status is recorded; a period without one was open.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records, changed_by
-- index:      finance_period_status_key
with n as materialized (
    select n."row", n.company, n.name_id, coalesce(n.module, '') as module, n.status
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, name_id uuid, "module" text, status text
    )
),
stored as materialized (
    select n."row", t.status, whole.status = 'permanently_closed' as is_closed
    from n
    left join finance_period_status t
        on t.company_code = n.company and t.period_id = n.name_id and t.module = n.module
    left join finance_period_status whole
        on whole.company_code = n.company and whole.period_id = n.name_id and whole.module = ''
),
refused as materialized (
    select n."row", 'status' as field, 'permanently_closed' as stored, n.status as value
    from n
    join stored t on t."row" = n."row"
    where n.status <> 'permanently_closed'
        and (t.status = 'permanently_closed' or t.is_closed and t.status is distinct from n.status)
),
written as (
    insert into finance_period_status as t (company_code, period_id, module, status)
    select
        n.company,
        n.name_id,
        n.module,
        n.status
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (company_code, period_id, module) do update set
        status = excluded.status
    where t.status is distinct from excluded.status
    returning company_code, period_id, module, status, xmax = 0 as is_new
),
recorded as (
    insert into finance_period_change (company_code, period_id, module, status_before, status, changed_by)
    select
        w.company_code,
        w.period_id,
        w.module,
        coalesce(t.status, 'open'),
        w.status,
        %(changed_by)s
    from written w
    join n on n.company = w.company_code and n.name_id = w.period_id and n.module = w.module
    join stored t on t."row" = n."row"
    where w.status <> coalesce(t.status, 'open')
    order by n."row"
)
select
    n."row",
    case when r.field is not null then 'LOAD-210' when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
        as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.company_code = n.company and w.period_id = n.name_id and w.module = n.module
left join refused r on r."row" = n."row"
