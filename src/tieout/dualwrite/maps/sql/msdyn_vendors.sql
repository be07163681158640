-- question:   What does operations get of a vendor?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_vendor_pkey
select
    v.id,
    v.company_code,
    v.account_number,
    v.name,
    v.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_vendor v on v.id = t.key
where v.id between %(key_from)s::uuid and %(key_to)s::uuid
