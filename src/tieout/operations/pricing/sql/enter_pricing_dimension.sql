-- question:   Enter these records (pricing_dimension): which are new, which change, which are there already?
--             A dimension by which lines are priced neither changes its kind nor is switched off where they are used.
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      operations_pricing_dimension_name_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, "name" text, kind text, cost_priority int, sales_priority int, purchase_priority int
    )
),
used as (
    select distinct shapes.name, list.context
    from operations_price_list as list
    cross join lateral (
        select jsonb_array_elements_text(found.shape) as name from operations_role_price_shapes(list.id) as found
        union
        select jsonb_array_elements_text(markup.shape)
        from operations_role_price_markup as markup
        where markup.price_list_id = list.id
    ) as shapes
),
refused as materialized (
    select distinct on (n."row") n."row", in_the_way.field, in_the_way.stored, in_the_way.value
    from n
    inner join operations_pricing_dimension as t on t.name = n.name
    inner join used on used.name = n.name
    cross join lateral (
        values
            ('kind', t.kind::text, n.kind),
            ('cost_priority', t.cost_priority::text, case when used.context = 'cost' then n.cost_priority::text else '0' end),
            ('sales_priority', t.sales_priority::text, case when used.context = 'sales' then n.sales_priority::text else '0' end),
            (
                'purchase_priority', t.purchase_priority::text,
                case when used.context = 'purchase' then n.purchase_priority::text else '0' end
            )
    ) as in_the_way (field, stored, value)
    where (in_the_way.field = 'kind' and in_the_way.stored <> in_the_way.value)
        or (in_the_way.stored is not null and in_the_way.value is null)
),
doubled as materialized (
    -- A priority belongs to one dimension: the smallest of the others that has it is named.
    select distinct on (n."row") n."row", priority.field, other.name as stored, n.name as value
    from n
    cross join lateral (
        values
            ('cost_priority', n.cost_priority), ('sales_priority', n.sales_priority),
            ('purchase_priority', n.purchase_priority)
    ) as priority (field, number)
    inner join (
        select name, 'cost_priority' as field, cost_priority as number, 0 as from_file from operations_pricing_dimension
        union all
        select name, 'sales_priority', sales_priority, 0 from operations_pricing_dimension
        union all
        select name, 'purchase_priority', purchase_priority, 0 from operations_pricing_dimension
        union all
        select name, 'cost_priority', cost_priority, "row" + 1 from n
        union all
        select name, 'sales_priority', sales_priority, "row" + 1 from n
        union all
        select name, 'purchase_priority', purchase_priority, "row" + 1 from n
    ) as other
        on other.field = priority.field and other.number = priority.number and other.name <> n.name
        and other.from_file <= n."row"
    where not exists (select from n as again where other.from_file = 0 and again.name = other.name)
    order by n."row", priority.field, other.name
),
written as (
    insert into operations_pricing_dimension as t (
        name, kind, cost_priority, sales_priority, purchase_priority, version
    )
    select n.name, n.kind, n.cost_priority, n.sales_priority, n.purchase_priority, 1
    from n
    where n."row" not in (select r."row" from refused r union all select d."row" from doubled d)
    on conflict (name) do update set
        kind = excluded.kind,
        cost_priority = excluded.cost_priority,
        sales_priority = excluded.sales_priority,
        purchase_priority = excluded.purchase_priority,
        version = t.version + 1
    where (t.kind, t.cost_priority, t.sales_priority, t.purchase_priority)
        is distinct from (excluded.kind, excluded.cost_priority, excluded.sales_priority, excluded.purchase_priority)
    returning name, version = 1 as is_new
)
select
    n."row",
    case
        when r.field is not null or d.field is not null then 'LOAD-210'
        when w.is_new then 'loaded'
        when not w.is_new then 'changed'
        else 'already there'
    end as outcome,
    coalesce(r.field, d.field) as field,
    coalesce(r.stored, d.stored) as stored,
    coalesce(r.value, d.value) as value
from n
left join written w on w.name = n.name
left join refused r on r."row" = n."row"
left join doubled d on d."row" = n."row"
