-- question:   Which records (entity subcontract) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      operations_subcontract_number_key
select
    t.number,
    t.name,
    t.company_code as company,
    v.account_number as vendor,
    t.currency_code as currency,
    t.status
from operations_subcontract t
inner join operations_vendor v on v.id = t.vendor_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'number' is null or t.number = %(key)s::jsonb ->> 'number')
    and (%(prefix)s::jsonb ->> 'number' is null or t.number ^@ (%(prefix)s::jsonb ->> 'number'))
    and (%(after)s::jsonb is null or t.number > %(after)s::jsonb ->> 'number')
order by t.number
limit %(row_limit)s
