-- question:   Which records (entity dimension_value) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first
-- parameters: key, prefix, after, row_limit
-- index:      finance_dimension_value_key
select
    t.dimension,
    t.value,
    t.name
from finance_dimension_value t
where (%(key)s::jsonb ->> 'dimension' is null or t.dimension = %(key)s::jsonb ->> 'dimension')
    and (%(key)s::jsonb ->> 'value' is null or t.value = %(key)s::jsonb ->> 'value')
    and (%(prefix)s::jsonb ->> 'dimension' is null or t.dimension ^@ (%(prefix)s::jsonb ->> 'dimension'))
    and (%(prefix)s::jsonb ->> 'value' is null or t.value ^@ (%(prefix)s::jsonb ->> 'value'))
    and (
        %(after)s::jsonb is null
        or (t.dimension, t.value)
        > (
            %(after)s::jsonb ->> 'dimension',
            %(after)s::jsonb ->> 'value'
        )
    )
order by t.dimension, t.value
limit %(row_limit)s
