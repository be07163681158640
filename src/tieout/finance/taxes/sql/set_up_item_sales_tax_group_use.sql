-- question:   Which records (entity item_sales_tax_group_use) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      none: a table of set-up, read whole
select
    t.company_code as company,
    case t.owner_kind when 'category' then t.owner_code else '' end as category,
    case t.owner_kind when 'product' then t.owner_code else '' end as product,
    t.tax_group
from finance_sales_tax_group_use t
where t.owner_kind in ('category', 'product')
    and (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'category' is null or case t.owner_kind when 'category' then t.owner_code else '' end = %(key)s::jsonb ->> 'category')
    and (%(key)s::jsonb ->> 'product' is null or case t.owner_kind when 'product' then t.owner_code else '' end = %(key)s::jsonb ->> 'product')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'category' is null or case t.owner_kind when 'category' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'category'))
    and (%(prefix)s::jsonb ->> 'product' is null or case t.owner_kind when 'product' then t.owner_code else '' end ^@ (%(prefix)s::jsonb ->> 'product'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, case t.owner_kind when 'category' then t.owner_code else '' end, case t.owner_kind when 'product' then t.owner_code else '' end)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'category',
            %(after)s::jsonb ->> 'product'
        )
    )
order by t.company_code, case t.owner_kind when 'category' then t.owner_code else '' end, case t.owner_kind when 'product' then t.owner_code else '' end
limit %(row_limit)s
