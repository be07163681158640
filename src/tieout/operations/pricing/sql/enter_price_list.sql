-- question:   Enter these records (price_list): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_price_list_code_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, code text, "name" text, context text, currency text, valid_from date, valid_to date,
        organizational_unit_id uuid, contract_id uuid
    )
),
written as (
    insert into operations_price_list as t (code, name, context, currency_code, valid_from, valid_to, unit_id, contract_id, version)
    select
        n.code,
        n.name,
        n.context,
        n.currency,
        n.valid_from,
        n.valid_to,
        n.organizational_unit_id,
        n.contract_id,
        1
    from n
    on conflict (code) do update set
        name = excluded.name,
        context = excluded.context,
        currency_code = excluded.currency_code,
        valid_from = excluded.valid_from,
        valid_to = excluded.valid_to,
        unit_id = excluded.unit_id,
        contract_id = excluded.contract_id,
        version = t.version + 1
    where (t.name, t.context, t.currency_code, t.valid_from, t.valid_to, t.unit_id, t.contract_id) is distinct from (excluded.name, excluded.context, excluded.currency_code, excluded.valid_from, excluded.valid_to, excluded.unit_id, excluded.contract_id)
    returning code, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.code = n.code
