-- question:   Enter these records (currency): which are new, which change, which are there already?
--             A currency never changes its decimals: amounts were rounded to them.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_currency_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, digits int
    )
),
refused as materialized (
    select n."row", 'digits' as field, t.digits::text as stored, n.digits::text as value
    from n
    join finance_currency t on t.code = n.code
    where t.digits <> n.digits
),
written as (
    insert into finance_currency as t (code, name, digits, version)
    select
        n.code,
        n.name,
        n.digits,
        1
    from n
    where n."row" not in (select r."row" from refused r)
    on conflict (code) do update set
        name = excluded.name,
        digits = excluded.digits,
        version = t.version + 1
    where (t.name, t.digits) is distinct from (excluded.name, excluded.digits)
    returning id, code, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'transactioncurrencies', id from written where outbox_captures('transactioncurrencies')
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
