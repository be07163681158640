-- question:   Which vouchers are posted? One of each good document; a refused document takes no number.
-- grain:      one row of finance_voucher_draft per good document; reports their number
-- parameters: none
-- index:      none: a temporary table of one batch
insert into finance_voucher_draft (voucher_id, document_id, accounting_date)
select v.voucher_id, v.document_id, v.accounting_date
from document_verdict v
where v.code is null
