-- question:   Enter these records (exchange_rate): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_exchange_rate_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, rate_type text, from_currency text, to_currency text, "date" date, rate numeric, "source" text
    )
),
written as (
    insert into finance_exchange_rate as t (rate_type, from_currency, to_currency, valid_from, rate, source, version)
    select
        n.rate_type,
        n.from_currency,
        n.to_currency,
        n."date",
        n.rate,
        coalesce(n.source, ''),
        1
    from n
    on conflict (from_currency, to_currency, rate_type, valid_from) do update set
        rate = excluded.rate,
        source = excluded.source,
        version = t.version + 1
    where (t.rate, t.source) is distinct from (excluded.rate, excluded.source)
    returning id, from_currency, to_currency, rate_type, valid_from, version = 1 as is_new
),
stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_exchangerates', id from written where outbox_captures('msdyn_exchangerates')
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.from_currency = n.from_currency and w.to_currency = n.to_currency and w.rate_type = n.rate_type and w.valid_from = n."date"
