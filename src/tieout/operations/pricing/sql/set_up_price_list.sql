-- question:   Which records (entity price_list) are set up, as the file format has them, with this key and after this one?
--             A list that only other companies use is withheld. Its users stand as uses.
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_price_list_code_key, operations_price_list_use_key
select
    t.code,
    t.name,
    t.context,
    t.currency_code as currency,
    t.time_unit,
    t.valid_from,
    t.valid_to,
    t.is_active as active,
    null::text as organizational_unit,
    null::text as contract
from operations_price_list t
where (
        %(companies)s::text[] is null
        or not exists (select from operations_price_list_use u where u.price_list_id = t.id)
        or exists (
            select
            from operations_price_list_company u
            where u.price_list_id = t.id and u.company_code = any(%(companies)s::text[])
        )
    )
    and (%(key)s::jsonb ->> 'code' is null or t.code = %(key)s::jsonb ->> 'code')
    and (%(prefix)s::jsonb ->> 'code' is null or t.code ^@ (%(prefix)s::jsonb ->> 'code'))
    and (%(after)s::jsonb is null or t.code > %(after)s::jsonb ->> 'code')
order by t.code
limit %(row_limit)s
