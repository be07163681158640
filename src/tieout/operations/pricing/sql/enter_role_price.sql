-- question:   Enter these records (role_price): which are new, which change, which are there already?
--             Two ways to write one key (dimensions in another order, a unit left out) are one line: the first.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_role_price_key
with asked as materialized (
    select
        one."row", one.price_list_id, one.role_id, one.resourcing_unit_id, one.resourcing_company, one.resource_id,
        coalesce(one.dimension_values::jsonb, '{}') as dimensions,
        jsonb_strip_nulls(
            jsonb_object(
                array[
                    'role', one.role_id::text, 'resourcing_unit', one.resourcing_unit_id::text,
                    'resourcing_company', one.resourcing_company, 'resource', one.resource_id::text
                ]
            )
        ) || coalesce(one.dimension_values::jsonb, '{}') as key,
        coalesce(one.unit, list.time_unit) as unit, coalesce(one.line, '') as line, one.method, one.price, one.percent
    from jsonb_to_recordset(%(records)s::jsonb) as one (
        "row" int, price_list_id uuid, role_id uuid, resourcing_unit_id uuid, resourcing_company text, resource_id uuid,
        dimension_values text, unit text, line text, method text, price numeric, percent numeric
    )
    inner join operations_price_list as list on list.id = one.price_list_id
),
n as materialized (
    select
        one.*,
        said.content,
        first_value(said.content) over same as first_content,
        row_number() over same as place
    from asked as one
    cross join lateral (
        select concat_ws(' ', nullif(one.method, 'price_per_unit'), one.price, one.percent) as content
    ) as said
    window same as (
        partition by one.price_list_id, one.key, one.unit, one.line
        order by one."row"
    )
),
written as (
    insert into operations_role_price as t (
        price_list_id, role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions,
        unit, line, method, price, percent, version
    )
    select
        n.price_list_id, n.role_id, n.resourcing_unit_id, n.resourcing_company, n.resource_id,
        n.dimensions, n.unit, n.line, n.method, n.price, n.percent, 1
    from n
    where n.place = 1
    on conflict (price_list_id, shape, key, unit, line) do update set
        method = excluded.method,
        price = excluded.price,
        percent = excluded.percent,
        version = t.version + 1
    where (t.method, t.price, t.percent) is distinct from (excluded.method, excluded.price, excluded.percent)
    returning price_list_id, key, unit, line, version = 1 as is_new
)
select
    n."row",
    case
        when n.content <> n.first_content then 'LOAD-210'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    case when n.content <> n.first_content then 'price' end as field,
    case when n.content <> n.first_content then n.first_content end as stored,
    case when n.content <> n.first_content then n.content end as value
from n
left join written w
    on n.place = 1
    and w.price_list_id = n.price_list_id
    and w.key = n.key
    and w.unit = n.unit
    and w.line = n.line
