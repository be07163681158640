-- question:   Change the amount with which an actual has arrived in finance, and the exchange rate if one is given. The cost of
--             a document has arrived in accounting currency too, and it is that amount; of what is sold it is the one there is.
-- grain:      one row
-- parameters: key, amount, rate
-- index:      finance_staged_actual_pkey
update finance_staged_actual
set accounting_amount = case when accounting_amount is not null then %(amount)s end,
    amount = case when accounting_amount is null then %(amount)s else amount end,
    exchange_rate = coalesce(%(rate)s, exchange_rate)
where actual_id = %(key)s
