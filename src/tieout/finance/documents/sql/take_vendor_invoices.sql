-- question:   Which vendor invoices does this run post now? Those that wait in the range of the batch and that no other run
--             holds.
-- grain:      one row of document_batch per document; the queue rows stay locked until the transaction ends
-- parameters: company, after, reached
-- index:      finance_posting_queue_of, finance_vendor_invoice_pkey
create temporary table document_batch on commit drop as
select
    q.document_id,
    q.ctid as queue_place,
    q.code as code_before,
    h.invoice_number as document_name,
    h.accounting_date,
    h.vendor_id as owner_id
from finance_posting_queue q
join finance_vendor_invoice h on h.id = q.document_id
where q.document_kind = 'vendor_invoice'
    and q.company_code = %(company)s
    and q.document_id > %(after)s
    and q.document_id <= %(reached)s
for update of q skip locked
