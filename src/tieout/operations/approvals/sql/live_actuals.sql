-- question:   Which actuals of these entries of a company count, being neither reversals nor reversed?
-- grain:      one row per actual
-- parameters: company, entry_ids
-- index:      operations_actual_source, operations_actual_reversal
select
    asked.id as entry_id, actual.transaction_type, actual.billing_type, actual.quantity, actual.price, actual.amount,
    actual.currency_code, coalesce(currency.digits, 2) as digits, actual.price_reason
from unnest(%(entry_ids)s::uuid[]) as asked (id)
cross join lateral (select * from operations_live_actuals(asked.id) offset 0) as actual
left join operations_currency as currency on currency.code = actual.currency_code
where actual.company_code = %(company)s
order by asked.id, actual.transaction_type, actual.billing_type
