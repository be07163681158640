-- question:   Enter these records (product_price): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_product_price_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, price_list_id uuid, product_id uuid, unit text, method text, price numeric, percent numeric
    )
),
written as (
    insert into operations_product_price as t (price_list_id, product_id, unit, method, price, percent, version)
    select
        n.price_list_id,
        n.product_id,
        n.unit,
        n.method,
        n.price,
        n.percent,
        1
    from n
    on conflict (price_list_id, product_id, unit) do update set
        method = excluded.method,
        price = excluded.price,
        percent = excluded.percent,
        version = t.version + 1
    where (t.method, t.price, t.percent) is distinct from (excluded.method, excluded.price, excluded.percent)
    returning price_list_id, product_id, unit, version = 1 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.price_list_id = n.price_list_id and w.product_id = n.product_id and w.unit = n.unit
