-- question:   What does operations get of a company?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_company_pkey
select
    c.id,
    c.code,
    c.name,
    c.accounting_currency as currency_code,
    c.version,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_company c on c.id = t.key
where c.id between %(key_from)s::uuid and %(key_to)s::uuid
