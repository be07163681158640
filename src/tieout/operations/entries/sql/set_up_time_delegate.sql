-- question:   Which records (entity time_delegate) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_resource_code_key, operations_time_delegate_key
select
    r.code as resource,
    t.user_name as "user",
    t.valid_from,
    t.valid_to
from operations_time_delegate t
inner join operations_resource r on r.id = t.resource_id
where (%(companies)s::text[] is null or r.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'resource' is null or r.code = %(key)s::jsonb ->> 'resource')
    and (%(key)s::jsonb ->> 'valid_from' is null or t.valid_from::text = %(key)s::jsonb ->> 'valid_from')
    and (%(prefix)s::jsonb ->> 'resource' is null or r.code ^@ (%(prefix)s::jsonb ->> 'resource'))
    and (%(prefix)s::jsonb ->> 'valid_from' is null or t.valid_from::text ^@ (%(prefix)s::jsonb ->> 'valid_from'))
    and (
        %(after)s::jsonb is null
        or (r.code, t.valid_from) > (%(after)s::jsonb ->> 'resource', (%(after)s::jsonb ->> 'valid_from')::date)
    )
order by r.code, t.valid_from
limit %(row_limit)s
