-- question:   Which records (entity contract_line) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_contract_number_key, operations_contract_line_key
select
    c.number as contract,
    t.line_number,
    t.name,
    t.billing_method,
    t.include_time,
    t.include_expense,
    t.include_material,
    t.include_fee,
    t.included_tasks,
    t.amount,
    t.not_to_exceed,
    t.discount_percent,
    t.fee_percent
from operations_contract_line t
inner join operations_contract c on c.id = t.contract_id
where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'contract' is null or c.number = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'line_number' is null or t.line_number::text = %(key)s::jsonb ->> 'line_number')
    and (%(prefix)s::jsonb ->> 'contract' is null or c.number ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'line_number' is null or t.line_number::text ^@ (%(prefix)s::jsonb ->> 'line_number'))
    and (%(after)s::jsonb is null or c.number >= %(after)s::jsonb ->> 'contract')
    and (
        %(after)s::jsonb is null
        or (c.number, t.line_number)
        > (
            %(after)s::jsonb ->> 'contract',
            (%(after)s::jsonb ->> 'line_number')::int
        )
    )
order by c.number, t.line_number
limit %(row_limit)s
