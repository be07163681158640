-- question:   Which records (entity quote_line) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_quote_number_key, operations_quote_line_key
select
    h.number as quote,
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
    t.fee_percent,
    p.number as project
from operations_quote_line t
inner join operations_quote h on h.id = t.quote_id
left join operations_project p on p.id = t.project_id
where (%(companies)s::text[] is null or h.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'quote' is null or h.number = %(key)s::jsonb ->> 'quote')
    and (%(key)s::jsonb ->> 'line_number' is null or t.line_number::text = %(key)s::jsonb ->> 'line_number')
    and (%(prefix)s::jsonb ->> 'quote' is null or h.number ^@ (%(prefix)s::jsonb ->> 'quote'))
    and (%(prefix)s::jsonb ->> 'line_number' is null or t.line_number::text ^@ (%(prefix)s::jsonb ->> 'line_number'))
    and (%(after)s::jsonb is null or h.number >= %(after)s::jsonb ->> 'quote')
    and (
        %(after)s::jsonb is null
        or (h.number, t.line_number)
        > (
            %(after)s::jsonb ->> 'quote',
            (%(after)s::jsonb ->> 'line_number')::int
        )
    )
order by h.number, t.line_number
limit %(row_limit)s
