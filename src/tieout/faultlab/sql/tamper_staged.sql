-- question:   Change the amount with which an actual has arrived in finance, and the exchange rate if one is given. The cost of
--             a document has arrived in accounting currency too, and it is that amount; of what is sold it is the one there is, less its discount and with
--             its fee.
-- grain:      one row
-- parameters: key, amount, rate
-- index:      finance_staged_actual_pkey
update finance_staged_actual
set accounting_amount = case when accounting_amount is not null then %(amount)s end,
    amount = case when accounting_amount is null then %(amount)s + discount_amount - fee_amount else amount end,
    exchange_rate = coalesce(%(rate)s, exchange_rate)
where actual_id = %(key)s
