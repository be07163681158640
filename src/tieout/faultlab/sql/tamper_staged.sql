-- question:   Change the amount with which a cost actual has arrived in finance, and the exchange rate if one is given.
-- grain:      one row
-- parameters: key, amount, rate
-- index:      finance_staged_actual_pkey
update finance_staged_actual
set accounting_amount = %(amount)s, exchange_rate = coalesce(%(rate)s, exchange_rate)
where actual_id = %(key)s
