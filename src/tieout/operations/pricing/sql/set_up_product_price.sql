-- question:   Which records (entity product_price) are set up, as the file format has them, with this key and after this one?
--             A list that only other companies use is withheld.
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_price_list_code_key, operations_product_price_key
select
    l.code as price_list,
    k.code as product,
    t.unit,
    t.method,
    t.price,
    t.percent
from operations_product_price t
inner join operations_price_list l on l.id = t.price_list_id
inner join operations_product k on k.id = t.product_id
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
    and (%(key)s::jsonb ->> 'product' is null or k.code = %(key)s::jsonb ->> 'product')
    and (%(key)s::jsonb ->> 'unit' is null or t.unit = %(key)s::jsonb ->> 'unit')
    and (%(prefix)s::jsonb ->> 'price_list' is null or l.code ^@ (%(prefix)s::jsonb ->> 'price_list'))
    and (%(prefix)s::jsonb ->> 'product' is null or k.code ^@ (%(prefix)s::jsonb ->> 'product'))
    and (%(prefix)s::jsonb ->> 'unit' is null or t.unit ^@ (%(prefix)s::jsonb ->> 'unit'))
    and (%(after)s::jsonb is null or l.code >= %(after)s::jsonb ->> 'price_list')
    and (
        %(after)s::jsonb is null
        or (l.code, k.code, t.unit)
        > (
            %(after)s::jsonb ->> 'price_list',
            %(after)s::jsonb ->> 'product',
            %(after)s::jsonb ->> 'unit'
        )
    )
order by l.code, k.code, t.unit
limit %(row_limit)s
