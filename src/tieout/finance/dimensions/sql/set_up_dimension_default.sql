-- question:   Which records (entity dimension_default) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      none: a table of set-up, read whole
select
    t.company_code as company,
    case t.owner_kind when 'project' then t.owner_code else '' end as project,
    case t.owner_kind when 'vendor' then t.owner_code else '' end as vendor,
    case t.owner_kind when 'resource' then t.owner_code else '' end as resource,
    case t.owner_kind when 'customer' then t.owner_code else '' end as customer,
    t.dimension,
    t.value
from finance_dimension_default t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'project' is null or case t.owner_kind when 'project' then t.owner_code else '' end = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'vendor' is null or case t.owner_kind when 'vendor' then t.owner_code else '' end = %(key)s::jsonb ->> 'vendor')
    and (%(key)s::jsonb ->> 'resource' is null or case t.owner_kind when 'resource' then t.owner_code else '' end = %(key)s::jsonb ->> 'resource')
    and (%(key)s::jsonb ->> 'customer' is null or case t.owner_kind when 'customer' then t.owner_code else '' end = %(key)s::jsonb ->> 'customer')
    and (%(key)s::jsonb ->> 'dimension' is null or t.dimension = %(key)s::jsonb ->> 'dimension')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'project' is null or case t.owner_kind when 'project' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'vendor' is null or case t.owner_kind when 'vendor' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'vendor'))
    and (%(prefix)s::jsonb ->> 'resource' is null or case t.owner_kind when 'resource' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'resource'))
    and (%(prefix)s::jsonb ->> 'customer' is null or case t.owner_kind when 'customer' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'customer'))
    and (%(prefix)s::jsonb ->> 'dimension' is null or t.dimension ^@ (%(prefix)s::jsonb ->> 'dimension'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, case t.owner_kind when 'project' then t.owner_code else '' end, case t.owner_kind when 'vendor' then t.owner_code else '' end, case t.owner_kind when 'resource' then t.owner_code else '' end, case t.owner_kind when 'customer' then t.owner_code else '' end, t.dimension)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'vendor',
            %(after)s::jsonb ->> 'resource',
            %(after)s::jsonb ->> 'customer',
            %(after)s::jsonb ->> 'dimension'
        )
    )
order by t.company_code, case t.owner_kind when 'project' then t.owner_code else '' end, case t.owner_kind when 'vendor' then t.owner_code else '' end, case t.owner_kind when 'resource' then t.owner_code else '' end, case t.owner_kind when 'customer' then t.owner_code else '' end, t.dimension
limit %(row_limit)s
