-- question:   Which records (entity contract_line_category) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_contract_number_key, operations_contract_line_category_key
select
    c.number as contract,
    cl.line_number as contract_line,
    k.code as category,
    t.billing_type
from operations_contract_line_category t
inner join operations_contract_line cl on cl.id = t.contract_line_id
inner join operations_contract c on c.id = cl.contract_id
inner join operations_category k on k.id = t.category_id
where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'contract' is null or c.number = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'contract_line' is null or cl.line_number::text = %(key)s::jsonb ->> 'contract_line')
    and (%(key)s::jsonb ->> 'category' is null or k.code = %(key)s::jsonb ->> 'category')
    and (%(prefix)s::jsonb ->> 'contract' is null or c.number ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'contract_line' is null or cl.line_number::text ^@ (%(prefix)s::jsonb ->> 'contract_line'))
    and (%(prefix)s::jsonb ->> 'category' is null or k.code ^@ (%(prefix)s::jsonb ->> 'category'))
    and (%(after)s::jsonb is null or c.number >= %(after)s::jsonb ->> 'contract')
    and (
        %(after)s::jsonb is null
        or (c.number, cl.line_number, k.code)
        > (
            %(after)s::jsonb ->> 'contract',
            (%(after)s::jsonb ->> 'contract_line')::int,
            %(after)s::jsonb ->> 'category'
        )
    )
order by c.number, cl.line_number, k.code
limit %(row_limit)s
