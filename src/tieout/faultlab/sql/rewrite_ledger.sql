-- question:   Does the database let the program change a ledger entry?
-- grain:      none: it must refuse
-- parameters: none
-- index:      none
update finance_voucher_line set accounting_amount = accounting_amount + 1
