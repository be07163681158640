-- question:   Which records (entity project) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_project_number_key
select
    t.number,
    t.name,
    t.company_code as company,
    o.code as contracting_unit,
    t.stage,
    c.number as contract,
    cl.line_number as contract_line
from operations_project t
inner join operations_organizational_unit o on o.id = t.unit_id
left join operations_contract_line cl on cl.id = t.contract_line_id
left join operations_contract c on c.id = cl.contract_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'number' is null or t.number = %(key)s::jsonb ->> 'number')
    and (%(prefix)s::jsonb ->> 'number' is null or t.number ^@ (%(prefix)s::jsonb ->> 'number'))
    and (%(after)s::jsonb is null or t.number > %(after)s::jsonb ->> 'number')
order by t.number
limit %(row_limit)s
