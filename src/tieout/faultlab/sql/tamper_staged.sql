-- question:   Change the amount with which a cost actual has arrived in finance, its rate, or the kind of document that it is said
--             to be of, and so the account that it is cleared from. Of one of nothing nothing is left in its own currency either.
-- grain:      one row
-- parameters: key, amount, rate_change, is_elsewhere
-- index:      finance_staged_actual_pkey
update finance_staged_actual
set
    accounting_amount = %(amount)s,
    amount = case when %(amount)s = 0 then 0 else amount end,
    exchange_rate = exchange_rate + %(rate_change)s,
    source_kind = case
        when not %(is_elsewhere)s then source_kind
        when source_kind = 'expense' then 'vendor_invoice_line'
        else 'expense'
    end
where actual_id = %(key)s
