-- question:   Which records (entity resource) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_resource_code_key
select
    t.code,
    t.name,
    o.code as organizational_unit,
    t.company_code as company,
    nullif(t.user_name, '') as "user",
    m.code as manager
from operations_resource t
inner join operations_organizational_unit o on o.id = t.unit_id
left join operations_resource m on m.id = t.manager_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'code' is null or t.code = %(key)s::jsonb ->> 'code')
    and (%(prefix)s::jsonb ->> 'code' is null or t.code ^@ (%(prefix)s::jsonb ->> 'code'))
    and (%(after)s::jsonb is null or t.code > %(after)s::jsonb ->> 'code')
order by t.code
limit %(row_limit)s
