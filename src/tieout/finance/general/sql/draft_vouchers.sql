-- question:   Which vouchers are posted? One of each line.
-- grain:      one row of finance_voucher_draft per line; reports their number
-- parameters: none
-- index:      none: a temporary table of one batch
insert into finance_voucher_draft (voucher_id, document_id, accounting_date)
select v.voucher_id, v.line_id, v.accounting_date
from general_verdict v
