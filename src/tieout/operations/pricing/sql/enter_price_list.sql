-- question:   Enter these records (price_list): which are new, which change, which are there already?
--             A unit or contract that stands beside a list uses it, besides the uses that it has.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_price_list_code_key, operations_price_list_use_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, context text, currency text, time_unit text, valid_from date, valid_to date,
        active int, organizational_unit_id uuid, contract_id uuid
    )
),
written as (
    insert into operations_price_list as t (
        code, name, context, currency_code, time_unit, valid_from, valid_to, is_active, version
    )
    select n.code, n.name, n.context, n.currency, n.time_unit, n.valid_from, n.valid_to, n.active = 1, 1
    from n
    on conflict (code) do update set
        name = excluded.name,
        context = excluded.context,
        currency_code = excluded.currency_code,
        time_unit = excluded.time_unit,
        valid_from = excluded.valid_from,
        valid_to = excluded.valid_to,
        is_active = excluded.is_active,
        version = t.version + 1
    where (t.name, t.context, t.currency_code, t.time_unit, t.valid_from, t.valid_to, t.is_active)
        is distinct from (
            excluded.name, excluded.context, excluded.currency_code, excluded.time_unit, excluded.valid_from,
            excluded.valid_to, excluded.is_active
        )
    returning id, code, version = 1 as is_new
),
used as (
    insert into operations_price_list_use (price_list_id, unit_id, contract_id)
    select coalesce(w.id, l.id), single.unit_id, single.contract_id
    from n
    left join written w on w.code = n.code
    left join operations_price_list l on l.code = n.code
    cross join lateral (
        values (n.organizational_unit_id, null::uuid), (null::uuid, n.contract_id)
    ) as single (unit_id, contract_id)
    where single.unit_id is not null or single.contract_id is not null
    on conflict (
        price_list_id, unit_id, contract_id, quote_id, customer_id, subcontract_id, vendor_id, company_code
    ) do nothing
    returning price_list_id
)
select
    n."row",
    case
        when w.is_new then 'loaded'
        when not w.is_new or u.price_list_id is not null then 'changed'
        else 'already there'
    end as outcome
from n
left join written w on w.code = n.code
left join operations_price_list l on l.code = n.code
left join (select distinct used.price_list_id from used) as u on u.price_list_id = l.id
