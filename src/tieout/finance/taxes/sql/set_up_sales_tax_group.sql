-- question:   Which records (entity sales_tax_group) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_sales_tax_group_key
select
    t.company_code as company,
    t.kind,
    t.tax_group,
    t.tax_code
from finance_sales_tax_group t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'kind' is null or t.kind = %(key)s::jsonb ->> 'kind')
    and (%(key)s::jsonb ->> 'tax_group' is null or t.tax_group = %(key)s::jsonb ->> 'tax_group')
    and (%(key)s::jsonb ->> 'tax_code' is null or t.tax_code = %(key)s::jsonb ->> 'tax_code')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'kind' is null or t.kind ^@ (%(prefix)s::jsonb ->> 'kind'))
    and (%(prefix)s::jsonb ->> 'tax_group' is null or t.tax_group ^@ (%(prefix)s::jsonb ->> 'tax_group'))
    and (%(prefix)s::jsonb ->> 'tax_code' is null or t.tax_code ^@ (%(prefix)s::jsonb ->> 'tax_code'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.kind, t.tax_group, t.tax_code)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'kind',
            %(after)s::jsonb ->> 'tax_group',
            %(after)s::jsonb ->> 'tax_code'
        )
    )
order by t.company_code, t.kind, t.tax_group, t.tax_code
limit %(row_limit)s
