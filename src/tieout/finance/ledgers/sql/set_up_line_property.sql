-- question:   Which records (entity line_property) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_line_property_key
select
    t.company_code as company,
    t.billing_type,
    t.line_property,
    t.accrue_revenue
from finance_line_property t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'billing_type' is null or t.billing_type = %(key)s::jsonb ->> 'billing_type')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'billing_type' is null or t.billing_type ^@ (%(prefix)s::jsonb ->> 'billing_type'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.billing_type)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'billing_type'
        )
    )
order by t.company_code, t.billing_type
limit %(row_limit)s
