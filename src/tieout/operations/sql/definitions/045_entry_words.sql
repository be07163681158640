-- A field of an entry as people write it: what is kept as a key by the code of the record, minutes by their number.
create or replace function operations_said(field text, value text) returns text
language sql stable parallel safe as $$
    select case
        when value = '' then ''
        when field = 'resource' then (select one.code from operations_resource as one where one.id = value::uuid)
        when field = 'project' then (select one.number from operations_project as one where one.id = value::uuid)
        when field = 'role' then (select one.code from operations_role as one where one.id = value::uuid)
        when field = 'task' then (select one.number from operations_task as one where one.id = value::uuid)
        when field = 'category' then (select one.code from operations_category as one where one.id = value::uuid)
        when field = 'product' then (select one.code from operations_product as one where one.id = value::uuid)
        when field = 'subcontract' then (select one.number from operations_subcontract as one where one.id = value::uuid)
        when field in ('quantity', 'price', 'tax') then trim_scale(value::numeric)::text
        when field = 'hours' then value || ' minutes'
        else value
    end
$$;
