-- question:   Which vouchers are posted in the borrower? One of each good vendor invoice.
-- grain:      one row of finance_voucher_draft per good invoice; reports their number
-- parameters: none
-- index:      none: a temporary table of one batch
insert into finance_voucher_draft (voucher_id, document_id, accounting_date)
select v.voucher_id, v.vendor_invoice_id, v.invoice_date
from pending v
where v.code is null
