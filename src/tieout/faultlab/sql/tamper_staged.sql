-- question:   Change the amount with which a cost actual has arrived in finance.
-- grain:      one row
-- parameters: key, amount
-- index:      finance_staged_actual_pkey
update finance_staged_actual set accounting_amount = %(amount)s where actual_id = %(key)s
