-- question:   Which records (entity price_list_use) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_price_list_code_key, operations_price_list_use_key
select
    l.code as price_list,
    o.code as organizational_unit,
    c.number as contract,
    q.number as quote,
    s.number as subcontract,
    coalesce(t.company_code, k.company_code, v.company_code) as company,
    k.account_number as customer,
    v.account_number as vendor,
    t.is_active as active
from operations_price_list_use t
inner join operations_price_list l on l.id = t.price_list_id
left join operations_organizational_unit o on o.id = t.unit_id
left join operations_contract c on c.id = t.contract_id
left join operations_quote q on q.id = t.quote_id
left join operations_customer k on k.id = t.customer_id
left join operations_vendor v on v.id = t.vendor_id
left join operations_subcontract s on s.id = t.subcontract_id
inner join operations_price_list_company used on used.use_id = t.id
where (%(companies)s::text[] is null or used.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'price_list' is null or l.code = %(key)s::jsonb ->> 'price_list')
    and (%(key)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') = %(key)s::jsonb ->> 'organizational_unit')
    and (%(key)s::jsonb ->> 'contract' is null or coalesce(c.number, '') = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'quote' is null or coalesce(q.number, '') = %(key)s::jsonb ->> 'quote')
    and (%(key)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') = %(key)s::jsonb ->> 'subcontract')
    and (%(key)s::jsonb ->> 'company' is null or coalesce(t.company_code, k.company_code, v.company_code, '') = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'customer' is null or coalesce(k.account_number, '') = %(key)s::jsonb ->> 'customer')
    and (%(key)s::jsonb ->> 'vendor' is null or coalesce(v.account_number, '') = %(key)s::jsonb ->> 'vendor')
    and (%(prefix)s::jsonb ->> 'price_list' is null or l.code ^@ (%(prefix)s::jsonb ->> 'price_list'))
    and (%(prefix)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') ^@ (%(prefix)s::jsonb ->> 'organizational_unit'))
    and (%(prefix)s::jsonb ->> 'contract' is null or coalesce(c.number, '') ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'quote' is null or coalesce(q.number, '') ^@ (%(prefix)s::jsonb ->> 'quote'))
    and (%(prefix)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') ^@ (%(prefix)s::jsonb ->> 'subcontract'))
    and (%(prefix)s::jsonb ->> 'company' is null or coalesce(t.company_code, k.company_code, v.company_code, '') ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'customer' is null or coalesce(k.account_number, '') ^@ (%(prefix)s::jsonb ->> 'customer'))
    and (%(prefix)s::jsonb ->> 'vendor' is null or coalesce(v.account_number, '') ^@ (%(prefix)s::jsonb ->> 'vendor'))
    and (%(after)s::jsonb is null or l.code >= %(after)s::jsonb ->> 'price_list')
    and (
        %(after)s::jsonb is null
        or (l.code, coalesce(o.code, ''), coalesce(c.number, ''), coalesce(q.number, ''), coalesce(s.number, ''), coalesce(t.company_code, k.company_code, v.company_code, ''), coalesce(k.account_number, ''), coalesce(v.account_number, ''))
        > (
            %(after)s::jsonb ->> 'price_list',
            %(after)s::jsonb ->> 'organizational_unit',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'quote',
            %(after)s::jsonb ->> 'subcontract',
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'customer',
            %(after)s::jsonb ->> 'vendor'
        )
    )
order by l.code, coalesce(o.code, ''), coalesce(c.number, ''), coalesce(q.number, ''), coalesce(s.number, ''), coalesce(t.company_code, k.company_code, v.company_code, ''), coalesce(k.account_number, ''), coalesce(v.account_number, '')
limit %(row_limit)s
