-- question:   Change the amount with which an expense has arrived in operations.
-- grain:      one row
-- parameters: key, amount
-- index:      operations_expense_pkey
update operations_expense set accounting_amount = %(amount)s where id = %(key)s
