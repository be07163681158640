-- question:   Which records (entity fixed_rate_agreement) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_fixed_rate_agreement_key
select
    t.company_code as company,
    c.number as contract,
    t.currency_code as currency,
    t.rate
from finance_fixed_rate_agreement t
join finance_contract c on c.id = t.contract_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'contract' is null or c.number = %(key)s::jsonb ->> 'contract')
    and (%(key)s::jsonb ->> 'currency' is null or t.currency_code = %(key)s::jsonb ->> 'currency')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'contract' is null or c.number ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(prefix)s::jsonb ->> 'currency' is null or t.currency_code ^@ (%(prefix)s::jsonb ->> 'currency'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, c.number, t.currency_code)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'currency'
        )
    )
order by t.company_code, c.number, t.currency_code
limit %(row_limit)s
