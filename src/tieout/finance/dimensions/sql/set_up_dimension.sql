-- question:   Which records (entity dimension) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first
-- parameters: key, prefix, after, row_limit
-- index:      finance_dimension_code_key
select
    t.code,
    t.name
from finance_dimension t
where (%(key)s::jsonb ->> 'code' is null or t.code = %(key)s::jsonb ->> 'code')
    and (%(prefix)s::jsonb ->> 'code' is null or t.code ^@ (%(prefix)s::jsonb ->> 'code'))
    and (
        %(after)s::jsonb is null
        or t.code
        > (
            %(after)s::jsonb ->> 'code'
        )
    )
order by t.code
limit %(row_limit)s
