-- question:   What are the names of the list, line, override and markup behind a price?
-- grain:      one row; what took no part is blank
-- parameters: price_list, line, override, markup
-- index:      the primary keys of price list, role price, category price, product price, override and markup
with named as (
    select line.id, line.key, line.unit
    from operations_role_price as line
    where line.id = %(line)s
    union all
    select markup.id, markup.key, ''
    from operations_role_price_markup as markup
    where markup.id = %(markup)s
),
worded as (
    select
        named.id, max(named.unit) as unit,
        coalesce(string_agg(
            entry.name || ' ' || coalesce(role.code, unit.code, resource.code, entry.value), ', '
            order by length(entry.name), entry.name
        ), 'any') as words
    from named
    left join lateral jsonb_each_text(named.key) as entry (name, value) on true
    left join operations_role as role on entry.name = 'role' and role.id::text = entry.value
    left join operations_organizational_unit as unit on entry.name = 'resourcing_unit' and unit.id::text = entry.value
    left join operations_resource as resource on entry.name = 'resource' and resource.id::text = entry.value
    group by named.id
),
item as (
    select line.id, line.unit, 'category ' || category.code as words
    from operations_category_price as line
    inner join operations_category as category on category.id = line.category_id
    where line.id = %(line)s
    union all
    select line.id, line.unit, 'product ' || product.code
    from operations_product_price as line
    inner join operations_product as product on product.id = line.product_id
    where line.id = %(line)s
)
select
    coalesce(list.code, '') as price_list, list.valid_from, list.valid_to,
    coalesce(line.words, item.words, '') as line, coalesce(line.unit, item.unit, '') as unit,
    override.price as override_price, coalesce(override.unit, '') as override_unit,
    override.effective_from as override_from,
    case
        when override.id is null then ''
        else coalesce(
            'contract ' || contract.number, 'quote ' || quote.number, 'customer ' || customer.account_number,
            'subcontract ' || subcontract.number, 'vendor ' || vendor.account_number, 'unit ' || unit.code, 'all'
        )
    end as scope,
    coalesce(markup.words, '') as markup
from (values (%(price_list)s::uuid)) as asked (id)
left join operations_price_list as list on list.id = asked.id
left join worded as line on line.id = %(line)s
left join item on item.id = %(line)s
left join worded as markup on markup.id = %(markup)s
left join operations_price_override as override on override.id = %(override)s
left join operations_contract as contract on contract.id = override.contract_id
left join operations_quote as quote on quote.id = override.quote_id
left join operations_customer as customer on customer.id = override.customer_id
left join operations_subcontract as subcontract on subcontract.id = override.subcontract_id
left join operations_vendor as vendor on vendor.id = override.vendor_id
left join operations_organizational_unit as unit on unit.id = override.scope_unit_id
