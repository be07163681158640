-- question:   Which records (entity number_sequence) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_number_sequence_key
select
    t.company_code as company,
    t.reference,
    t.prefix,
    t.digits,
    t.next_number
from finance_number_sequence t
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'reference' is null or t.reference = %(key)s::jsonb ->> 'reference')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'reference' is null or t.reference ^@ (%(prefix)s::jsonb ->> 'reference'))
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.reference)
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'reference'
        )
    )
order by t.company_code, t.reference
limit %(row_limit)s
