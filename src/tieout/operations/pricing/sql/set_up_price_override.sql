-- question:   Which records (entity price_override) are set up, as the file format has them, with this key and after this one?
--             A list that only other companies use is withheld. One key may have a price and a percent: target says which.
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_price_list_code_key, operations_price_override_key
select
    l.code as price_list,
    r.code as role,
    ru.code as resourcing_unit,
    t.resourcing_company,
    re.code as resource,
    own.dimensions,
    o.code as organizational_unit,
    c.number as contract,
    q.number as quote,
    s.number as subcontract,
    coalesce(k.company_code, v.company_code) as company,
    k.account_number as customer,
    v.account_number as vendor,
    t.effective_from,
    t.unit,
    t.price,
    t.percent,
    t.target
from operations_price_override t
inner join operations_price_list l on l.id = t.price_list_id
left join operations_role r on r.id = t.role_id
left join operations_organizational_unit ru on ru.id = t.resourcing_unit_id
left join operations_resource re on re.id = t.resource_id
cross join lateral (
    select
        case when t.dimensions <> '{}' then (
            select string_agg(d.key || '=' || d.value, ';' order by d.key) from jsonb_each_text(t.dimensions) as d
        ) end as dimensions
) as own
left join operations_organizational_unit o on o.id = t.scope_unit_id
left join operations_contract c on c.id = t.contract_id
left join operations_quote q on q.id = t.quote_id
left join operations_customer k on k.id = t.customer_id
left join operations_subcontract s on s.id = t.subcontract_id
left join operations_vendor v on v.id = t.vendor_id
where (
        %(companies)s::text[] is null
        or not exists (select from operations_price_list_use u where u.price_list_id = l.id)
        or exists (
            select
            from operations_price_list_company u
            where u.price_list_id = l.id and u.company_code = any(%(companies)s::text[])
        )
    )
    and (%(key)s::jsonb ->> 'price_list' is null or l.code = %(key)s::jsonb ->> 'price_list')
    and (%(key)s::jsonb ->> 'role' is null or coalesce(r.code, '') = %(key)s::jsonb ->> 'role')
    and (%(key)s::jsonb ->> 'resourcing_unit' is null or coalesce(ru.code, '') = %(key)s::jsonb ->> 'resourcing_unit')
    and (%(key)s::jsonb ->> 'resourcing_company' is null or coalesce(t.resourcing_company, '') = %(key)s::jsonb ->> 'resourcing_company')
    and (%(key)s::jsonb ->> 'resource' is null or coalesce(re.code, '') = %(key)s::jsonb ->> 'resource')
    and (%(key)s::jsonb ->> 'dimensions' is null or coalesce(own.dimensions, '') = %(key)s::jsonb ->> 'dimensions')
    and (%(key)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') = %(key)s::jsonb ->> 'organizational_unit')
    and (%(key)s::jsonb ->> 'contract' is null or coalesce(c.number, '') = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'quote' is null or coalesce(q.number, '') = %(key)s::jsonb ->> 'quote')
    and (%(key)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') = %(key)s::jsonb ->> 'subcontract')
    and (%(key)s::jsonb ->> 'company' is null or coalesce(k.company_code, v.company_code, '') = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'customer' is null or coalesce(k.account_number, '') = %(key)s::jsonb ->> 'customer')
    and (%(key)s::jsonb ->> 'vendor' is null or coalesce(v.account_number, '') = %(key)s::jsonb ->> 'vendor')
    and (%(key)s::jsonb ->> 'effective_from' is null or t.effective_from::text = %(key)s::jsonb ->> 'effective_from')
    and (%(key)s::jsonb ->> 'target' is null or t.target = %(key)s::jsonb ->> 'target')
    and (%(prefix)s::jsonb ->> 'price_list' is null or l.code ^@ (%(prefix)s::jsonb ->> 'price_list'))
    and (%(prefix)s::jsonb ->> 'role' is null or coalesce(r.code, '') ^@ (%(prefix)s::jsonb ->> 'role'))
    and (%(prefix)s::jsonb ->> 'resourcing_unit' is null or coalesce(ru.code, '') ^@ (%(prefix)s::jsonb ->> 'resourcing_unit'))
    and (%(prefix)s::jsonb ->> 'resourcing_company' is null or coalesce(t.resourcing_company, '') ^@ (%(prefix)s::jsonb ->> 'resourcing_company'))
    and (%(prefix)s::jsonb ->> 'resource' is null or coalesce(re.code, '') ^@ (%(prefix)s::jsonb ->> 'resource'))
    and (%(prefix)s::jsonb ->> 'dimensions' is null or coalesce(own.dimensions, '') ^@ (%(prefix)s::jsonb ->> 'dimensions'))
    and (%(prefix)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') ^@ (%(prefix)s::jsonb ->> 'organizational_unit'))
    and (%(prefix)s::jsonb ->> 'contract' is null or coalesce(c.number, '') ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'quote' is null or coalesce(q.number, '') ^@ (%(prefix)s::jsonb ->> 'quote'))
    and (%(prefix)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') ^@ (%(prefix)s::jsonb ->> 'subcontract'))
    and (%(prefix)s::jsonb ->> 'company' is null or coalesce(k.company_code, v.company_code, '') ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'customer' is null or coalesce(k.account_number, '') ^@ (%(prefix)s::jsonb ->> 'customer'))
    and (%(prefix)s::jsonb ->> 'vendor' is null or coalesce(v.account_number, '') ^@ (%(prefix)s::jsonb ->> 'vendor'))
    and (%(prefix)s::jsonb ->> 'effective_from' is null or t.effective_from::text ^@ (%(prefix)s::jsonb ->> 'effective_from'))
    and (%(after)s::jsonb is null or l.code >= %(after)s::jsonb ->> 'price_list')
    and (
        %(after)s::jsonb is null
        or (l.code, coalesce(r.code, ''), coalesce(ru.code, ''), coalesce(t.resourcing_company, ''), coalesce(re.code, ''), coalesce(own.dimensions, ''), coalesce(o.code, ''), coalesce(c.number, ''), coalesce(q.number, ''), coalesce(s.number, ''), coalesce(k.company_code, v.company_code, ''), coalesce(k.account_number, ''), coalesce(v.account_number, ''), t.effective_from, t.target)
        > (
            %(after)s::jsonb ->> 'price_list',
            %(after)s::jsonb ->> 'role',
            %(after)s::jsonb ->> 'resourcing_unit',
            %(after)s::jsonb ->> 'resourcing_company',
            %(after)s::jsonb ->> 'resource',
            %(after)s::jsonb ->> 'dimensions',
            %(after)s::jsonb ->> 'organizational_unit',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'quote',
            %(after)s::jsonb ->> 'subcontract',
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'customer',
            %(after)s::jsonb ->> 'vendor',
            (%(after)s::jsonb ->> 'effective_from')::date,
            %(after)s::jsonb ->> 'target'
        )
    )
order by l.code, coalesce(r.code, ''), coalesce(ru.code, ''), coalesce(t.resourcing_company, ''), coalesce(re.code, ''), coalesce(own.dimensions, ''), coalesce(o.code, ''), coalesce(c.number, ''), coalesce(q.number, ''), coalesce(s.number, ''), coalesce(k.company_code, v.company_code, ''), coalesce(k.account_number, ''), coalesce(v.account_number, ''), t.effective_from, t.target
limit %(row_limit)s
