-- question:   Enter these records (price_override): which are new, which change, which are there already?
--             Two ways to write one key (dimensions in another order, a unit left out) are one line: the first.
--             What is said of a quote that is won or lost stays as it is.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_price_override_key, operations_quote_pkey
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
        case when one.price is null then 'markup' else 'price' end as target, one.effective_from,
        one.contract_id, one.quote_id, one.customer_id, one.subcontract_id, one.vendor_id,
        one.organizational_unit_id as scope_unit_id,
        coalesce(one.unit, list.time_unit) as unit, one.price, one.percent
    from jsonb_to_recordset(%(records)s::jsonb) as one (
        "row" int, price_list_id uuid, role_id uuid, resourcing_unit_id uuid, resourcing_company text, resource_id uuid,
        dimension_values text, effective_from date, contract_id uuid, quote_id uuid, customer_id uuid,
        subcontract_id uuid, vendor_id uuid, organizational_unit_id uuid, unit text, price numeric, percent numeric
    )
    inner join operations_price_list as list on list.id = one.price_list_id
),
n as materialized (
    select
        one.*,
        concat_ws(' ', one.price, one.unit, one.percent) as content,
        first_value(concat_ws(' ', one.price, one.unit, one.percent)) over same as first_content,
        row_number() over same as place
    from asked as one
    window same as (
        partition by one.price_list_id, one.key, one.target, one.effective_from, one.contract_id, one.quote_id,
                     one.customer_id, one.subcontract_id, one.vendor_id, one.scope_unit_id
        order by one."row"
    )
),
refused as materialized (
    select n."row", 'LOAD-349' as code, 'quote' as field, q.status as stored, q.number as value
    from n
    inner join operations_quote q on q.id = n.quote_id and q.status <> 'draft'
    left join operations_price_override t
        on t.price_list_id = n.price_list_id and t.target = n.target and t.key = n.key
        and t.effective_from = n.effective_from and t.quote_id = n.quote_id
    where n.content = n.first_content
        and (t.price, t.unit, t.percent) is distinct from (n.price, n.unit, n.percent)
    union all
    select n."row", 'LOAD-210', 'price', n.first_content, n.content
    from n
    where n.content <> n.first_content
),
written as (
    insert into operations_price_override as t (
        price_list_id, role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions,
        target, effective_from, contract_id, quote_id, customer_id, subcontract_id, vendor_id, scope_unit_id,
        price, unit, percent, version
    )
    select
        n.price_list_id, n.role_id, n.resourcing_unit_id, n.resourcing_company, n.resource_id,
        n.dimensions, n.target, n.effective_from, n.contract_id, n.quote_id, n.customer_id,
        n.subcontract_id, n.vendor_id, n.scope_unit_id, n.price, n.unit, n.percent, 1
    from n
    where n.place = 1 and n."row" not in (select r."row" from refused r)
    on conflict (
        price_list_id, target, key, effective_from, contract_id, quote_id, customer_id, subcontract_id, vendor_id,
        scope_unit_id
    ) do update set
        price = excluded.price,
        unit = excluded.unit,
        percent = excluded.percent,
        version = t.version + 1
    where (t.price, t.unit, t.percent) is distinct from (excluded.price, excluded.unit, excluded.percent)
    returning
        price_list_id, key, target, effective_from, contract_id, quote_id, customer_id, subcontract_id, vendor_id,
        scope_unit_id, version = 1 as is_new
)
select
    n."row",
    coalesce(
        r.code,
        case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end
    ) as outcome,
    r.field,
    r.stored,
    r.value
from n
left join written w
    on n.place = 1
    and w.price_list_id = n.price_list_id
    and w.key = n.key
    and w.target = n.target
    and w.effective_from = n.effective_from
    and w.contract_id is not distinct from n.contract_id
    and w.quote_id is not distinct from n.quote_id
    and w.customer_id is not distinct from n.customer_id
    and w.subcontract_id is not distinct from n.subcontract_id
    and w.vendor_id is not distinct from n.vendor_id
    and w.scope_unit_id is not distinct from n.scope_unit_id
left join refused r on r."row" = n."row"
