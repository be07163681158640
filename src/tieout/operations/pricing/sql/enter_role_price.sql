-- question:   Enter these records (role_price): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_role_price_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, price_list_id uuid, role_id uuid, resourcing_unit_id uuid, unit text, price numeric
    )
),
written as (
    insert into operations_role_price as t (price_list_id, role_id, resourcing_unit_id, unit, price, version)
    select
        n.price_list_id,
        n.role_id,
        n.resourcing_unit_id,
        n.unit,
        n.price,
        1
    from n
    on conflict (price_list_id, role_id, resourcing_unit_id, unit) do update set
        price = excluded.price,
        version = t.version + 1
    where t.price is distinct from excluded.price
    returning price_list_id, role_id, resourcing_unit_id, unit, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.price_list_id is not distinct from n.price_list_id and w.role_id is not distinct from n.role_id and w.resourcing_unit_id is not distinct from n.resourcing_unit_id and w.unit is not distinct from n.unit
