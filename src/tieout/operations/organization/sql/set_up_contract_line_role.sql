-- question:   Which records (entity contract_line_role) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_contract_number_key, operations_contract_line_role_key
select
    c.number as contract,
    cl.line_number as contract_line,
    r.code as role,
    t.billing_type
from operations_contract_line_role t
inner join operations_contract_line cl on cl.id = t.contract_line_id
inner join operations_contract c on c.id = cl.contract_id
inner join operations_role r on r.id = t.role_id
where (%(companies)s::text[] is null or c.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'contract' is null or c.number = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'contract_line' is null or cl.line_number::text = %(key)s::jsonb ->> 'contract_line')
    and (%(key)s::jsonb ->> 'role' is null or r.code = %(key)s::jsonb ->> 'role')
    and (%(prefix)s::jsonb ->> 'contract' is null or c.number ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'contract_line' is null or cl.line_number::text ^@ (%(prefix)s::jsonb ->> 'contract_line'))
    and (%(prefix)s::jsonb ->> 'role' is null or r.code ^@ (%(prefix)s::jsonb ->> 'role'))
    and (%(after)s::jsonb is null or c.number >= %(after)s::jsonb ->> 'contract')
    and (
        %(after)s::jsonb is null
        or (c.number, cl.line_number, r.code)
        > (
            %(after)s::jsonb ->> 'contract',
            (%(after)s::jsonb ->> 'contract_line')::int,
            %(after)s::jsonb ->> 'role'
        )
    )
order by c.number, cl.line_number, r.code
limit %(row_limit)s
