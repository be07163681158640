-- question:   What does operations get of a posted vendor invoice?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_vendor_invoice_pkey
select
    i.id,
    i.company_code,
    i.vendor_id,
    i.invoice_number,
    i.invoice_date,
    i.accounting_date,
    i.currency_code,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_vendor_invoice i on i.id = t.key
where i.id between %(key_from)s::uuid and %(key_to)s::uuid
