-- question:   Which vouchers are posted in the lender? One of each good invoice.
-- grain:      one row of finance_voucher_draft per good invoice; reports their number
-- parameters: invoice_date
-- index:      none: a temporary table of one batch
insert into finance_voucher_draft (voucher_id, document_id, accounting_date)
select v.voucher_id, v.invoice_id, %(invoice_date)s
from lent_invoice v
where v.code is null
