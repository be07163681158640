-- question:   Copy these price lists whole: their lines of all kinds, not their overrides (operations spec 3.4) and not
--             who uses them. A copy has its own code and name.
-- grain:      one row per copy; none where its code is taken
-- parameters: copies
-- index:      operations_price_list_pkey; operations_role_price_key and the keys of the other lines, by list
with asked as materialized (
    select * from jsonb_to_recordset(%(copies)s::jsonb) as one (price_list_id uuid, code text, "name" text)
),
list as (
    insert into operations_price_list (
        code, name, context, currency_code, time_unit, valid_from, valid_to, is_active, version
    )
    select
        asked.code, asked.name, original.context, original.currency_code, original.time_unit, original.valid_from,
        original.valid_to, original.is_active, 1
    from asked
    inner join operations_price_list as original on original.id = asked.price_list_id
    on conflict (code) do nothing
    returning id, code
),
copied as materialized (
    select list.id, list.code, asked.price_list_id as original_id
    from list
    inner join asked on asked.code = list.code
),
role_price as (
    insert into operations_role_price (
        price_list_id, role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions, unit, line, price,
        version
    )
    select
        copied.id, line.role_id, line.resourcing_unit_id, line.resourcing_company, line.resource_id, line.dimensions,
        line.unit, line.line, line.price, 1
    from copied
    inner join operations_role_price as line on line.price_list_id = copied.original_id
    returning price_list_id
),
role_price_markup as (
    insert into operations_role_price_markup (
        price_list_id, role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions, percent, version
    )
    select
        copied.id, line.role_id, line.resourcing_unit_id, line.resourcing_company, line.resource_id, line.dimensions,
        line.percent, 1
    from copied
    inner join operations_role_price_markup as line on line.price_list_id = copied.original_id
    returning price_list_id
),
category_price as (
    insert into operations_category_price (price_list_id, category_id, unit, method, price, percent, version)
    select copied.id, line.category_id, line.unit, line.method, line.price, line.percent, 1
    from copied
    inner join operations_category_price as line on line.price_list_id = copied.original_id
    returning price_list_id
),
product_price as (
    insert into operations_product_price (price_list_id, product_id, unit, method, price, percent, version)
    select copied.id, line.product_id, line.unit, line.method, line.price, line.percent, 1
    from copied
    inner join operations_product_price as line on line.price_list_id = copied.original_id
    returning price_list_id
)
select
    copied.id as price_list_id, copied.code,
    (select count(*) from role_price as line where line.price_list_id = copied.id) as role_prices,
    (select count(*) from role_price_markup as line where line.price_list_id = copied.id) as markups,
    (select count(*) from category_price as line where line.price_list_id = copied.id) as category_prices,
    (select count(*) from product_price as line where line.price_list_id = copied.id) as product_prices
from copied
order by copied.code
