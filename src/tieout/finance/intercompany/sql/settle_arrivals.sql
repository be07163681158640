-- question:   How do the invoices of the batch wait from now on: with a pending vendor invoice, or refused for a reason?
-- grain:      one row of finance_intercompany_queue updated per invoice; reports their number
-- parameters: none
-- index:      finance_intercompany_queue_pkey
update finance_intercompany_queue q
set vendor_invoice_id = a.vendor_invoice_id,
    code = coalesce(a.code, '')
from arrival a
where q.invoice_id = a.invoice_id
