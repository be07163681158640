-- question:   What does operations get of an exchange rate?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_exchange_rate_pkey
select
    r.id,
    r.rate_type,
    r.from_currency,
    r.to_currency,
    r.valid_from,
    r.rate,
    r.source,
    r.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_exchange_rate r on r.id = t.key
where r.id between %(key_from)s::uuid and %(key_to)s::uuid
