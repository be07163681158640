-- question:   Enter these records (period_status): which are new, which change, which are there already?
--             A permanently closed period stays closed.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_period_status_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, name_id uuid, status text
    )
),
refused as materialized (
    select n."row", 'status' as field, t.status as stored, n.status as value
    from n
    join finance_period_status t on t.company_code = n.company and t.period_id = n.name_id
    where t.status = 'permanently_closed' and n.status <> t.status
),
written as (
    insert into finance_period_status as t (company_code, period_id, status)
    select
        n.company,
        n.name_id,
        n.status
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (company_code, period_id) do update set
        status = excluded.status
    where t.status is distinct from excluded.status
    returning company_code, period_id, xmax = 0 as is_new
)
select
    n."row",
    case when r.field is not null then 'LOAD-210' when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
        as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w on w.company_code = n.company and w.period_id = n.name_id
left join refused r on r."row" = n."row"
