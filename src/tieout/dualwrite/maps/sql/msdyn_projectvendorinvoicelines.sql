-- question:   What does operations get of a posted vendor invoice line?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_vendor_invoice_line_pkey, finance_vendor_invoice_pkey,
--             finance_voucher_document_id_key
select
    l.id,
    l.invoice_id as document_id,
    l.line_number,
    l.company_code,
    l.project_id,
    l.category_id,
    l.description,
    l.transaction_date,
    l.accounting_date,
    l.quantity,
    l.unit,
    l.stocked,
    l.subcontract_id,
    l.unit_price,
    l.amount,
    l.tax_amount,
    l.currency_code,
    l.exchange_rate,
    l.exchange_rate_date,
    l.accounting_amount,
    v.number as voucher,
    i.manual_verification,
    i.block_payment,
    i.entered_by,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_vendor_invoice_line l on l.id = t.key
join finance_vendor_invoice i on i.id = l.invoice_id
join finance_voucher v on v.document_id = l.invoice_id
where l.id between %(key_from)s::uuid and %(key_to)s::uuid
