-- question:   Which records (entity custom_field) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first
-- parameters: key, prefix, after, row_limit
-- index:      operations_custom_field_name_key
select
    t.name,
    t.title,
    t.kind,
    nullif(t.choices, '') as choices,
    t.on_time,
    t.on_expense,
    t.on_material,
    t.is_required as required,
    t.active
from operations_custom_field t
where (%(key)s::jsonb ->> 'name' is null or t.name = %(key)s::jsonb ->> 'name')
    and (%(prefix)s::jsonb ->> 'name' is null or t.name ^@ (%(prefix)s::jsonb ->> 'name'))
    and (%(after)s::jsonb is null or t.name > %(after)s::jsonb ->> 'name')
order by t.name
limit %(row_limit)s
