-- question:   Which records (entity exchange_rate) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first
-- parameters: key, prefix, after, row_limit
-- index:      finance_exchange_rate_key
select
    t.rate_type,
    t.from_currency,
    t.to_currency,
    t.valid_from as "date",
    t.rate,
    t.source
from finance_exchange_rate t
where (%(key)s::jsonb ->> 'from_currency' is null or t.from_currency = %(key)s::jsonb ->> 'from_currency')
    and (%(key)s::jsonb ->> 'to_currency' is null or t.to_currency = %(key)s::jsonb ->> 'to_currency')
    and (%(key)s::jsonb ->> 'rate_type' is null or t.rate_type = %(key)s::jsonb ->> 'rate_type')
    and (%(key)s::jsonb ->> 'date' is null or t.valid_from::text = %(key)s::jsonb ->> 'date')
    and (%(prefix)s::jsonb ->> 'from_currency' is null or t.from_currency ^@ (%(prefix)s::jsonb ->> 'from_currency'))
    and (%(prefix)s::jsonb ->> 'to_currency' is null or t.to_currency ^@ (%(prefix)s::jsonb ->> 'to_currency'))
    and (%(prefix)s::jsonb ->> 'rate_type' is null or t.rate_type ^@ (%(prefix)s::jsonb ->> 'rate_type'))
    and (%(prefix)s::jsonb ->> 'date' is null or t.valid_from::text ^@ (%(prefix)s::jsonb ->> 'date'))
    and (
        %(after)s::jsonb is null
        or (t.from_currency, t.to_currency, t.rate_type, t.valid_from)
        > (
            %(after)s::jsonb ->> 'from_currency',
            %(after)s::jsonb ->> 'to_currency',
            %(after)s::jsonb ->> 'rate_type',
            (%(after)s::jsonb ->> 'date')::date
        )
    )
order by t.from_currency, t.to_currency, t.rate_type, t.valid_from
limit %(row_limit)s
