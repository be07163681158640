-- question:   Which records (entity customer) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_customer_key
select
    t.account_number,
    t.name,
    t.company_code as company
from operations_customer t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'account_number' is null or t.account_number = %(key)s::jsonb ->> 'account_number')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'account_number' is null or t.account_number ^@ (%(prefix)s::jsonb ->> 'account_number'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.account_number)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'account_number'
        )
    )
order by t.company_code, t.account_number
limit %(row_limit)s
