-- question:   Which vouchers are posted? One of each cost that moves.
-- grain:      one row of finance_voucher_draft per good cost; reports their number
-- parameters: accounting_date
-- index:      none: a temporary table of one batch
insert into finance_voucher_draft (voucher_id, document_id, accounting_date)
select v.voucher_id, v.transfer_id, %(accounting_date)s
from cost_verdict v
where v.code is null
