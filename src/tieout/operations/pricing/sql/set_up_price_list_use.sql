-- question:   Which records (entity price_list_use) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_price_list_code_key, operations_price_list_use_key
select
    l.code as price_list,
    o.code as organizational_unit,
    c.number as contract,
    s.number as subcontract,
    t.company_code as company,
    t.is_active as active
from operations_price_list_use t
inner join operations_price_list l on l.id = t.price_list_id
left join operations_organizational_unit o on o.id = t.unit_id
left join operations_contract c on c.id = t.contract_id
left join operations_subcontract s on s.id = t.subcontract_id
where (%(companies)s::text[] is null or coalesce(o.company_code, c.company_code, s.company_code, t.company_code) = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'price_list' is null or l.code = %(key)s::jsonb ->> 'price_list')
    and (%(key)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') = %(key)s::jsonb ->> 'organizational_unit')
    and (%(key)s::jsonb ->> 'contract' is null or coalesce(c.number, '') = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') = %(key)s::jsonb ->> 'subcontract')
    and (%(key)s::jsonb ->> 'company' is null or coalesce(t.company_code, '') = %(key)s::jsonb ->> 'company')
    and (%(prefix)s::jsonb ->> 'price_list' is null or l.code ^@ (%(prefix)s::jsonb ->> 'price_list'))
    and (%(prefix)s::jsonb ->> 'organizational_unit' is null or coalesce(o.code, '') ^@ (%(prefix)s::jsonb ->> 'organizational_unit'))
    and (%(prefix)s::jsonb ->> 'contract' is null or coalesce(c.number, '') ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'subcontract' is null or coalesce(s.number, '') ^@ (%(prefix)s::jsonb ->> 'subcontract'))
    and (%(prefix)s::jsonb ->> 'company' is null or coalesce(t.company_code, '') ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(after)s::jsonb is null or l.code >= %(after)s::jsonb ->> 'price_list')
    and (
        %(after)s::jsonb is null
        or (l.code, coalesce(o.code, ''), coalesce(c.number, ''), coalesce(s.number, ''), coalesce(t.company_code, ''))
        > (
            %(after)s::jsonb ->> 'price_list',
            %(after)s::jsonb ->> 'organizational_unit',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'subcontract',
            %(after)s::jsonb ->> 'company'
        )
    )
order by l.code, coalesce(o.code, ''), coalesce(c.number, ''), coalesce(s.number, ''), coalesce(t.company_code, '')
limit %(row_limit)s
