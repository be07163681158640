-- question:   Which records (entity sales_tax_group_use) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      none: a table of set-up, read whole
select
    t.company_code as company,
    case t.owner_kind when 'project' then t.owner_code else '' end as project,
    case t.owner_kind when 'contract' then t.owner_code else '' end as contract,
    case t.owner_kind when 'customer' then t.owner_code else '' end as customer,
    t.tax_group
from finance_sales_tax_group_use t
where t.owner_kind in ('project', 'contract', 'customer')
    and (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'project' is null or case t.owner_kind when 'project' then t.owner_code else '' end = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'contract' is null or case t.owner_kind when 'contract' then t.owner_code else '' end = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'customer' is null or case t.owner_kind when 'customer' then t.owner_code else '' end = %(key)s::jsonb ->> 'customer')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'project' is null or case t.owner_kind when 'project' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'contract' is null or case t.owner_kind when 'contract' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'customer' is null or case t.owner_kind when 'customer' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'customer'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, case t.owner_kind when 'project' then t.owner_code else '' end, case t.owner_kind when 'contract' then t.owner_code else '' end, case t.owner_kind when 'customer' then t.owner_code else '' end)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'customer'
        )
    )
order by t.company_code, case t.owner_kind when 'project' then t.owner_code else '' end, case t.owner_kind when 'contract' then t.owner_code else '' end, case t.owner_kind when 'customer' then t.owner_code else '' end
limit %(row_limit)s
