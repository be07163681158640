-- question:   What does operations get of a posted journal line? Voucher, accounting amount, rate and tax. The line is
--             posted net; its tax is the one that its actual brought, in the currency of the actual.
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_integration_journal_line_pkey, finance_voucher_document_id_key, finance_staged_actual_pkey
select
    l.id,
    l.actual_id,
    l.voucher,
    l.accounting_amount,
    coalesce(s.tax_amount, 0)::numeric(20,4) as tax_amount,
    l.exchange_rate,
    v.posted_at,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_integration_journal_line l on l.id = t.key
join finance_voucher v on v.document_id = l.id
left join finance_staged_actual s on s.actual_id = l.actual_id
where l.id between %(key_from)s::uuid and %(key_to)s::uuid
