-- question:   What do these staged actuals state, of that which operations states of them too?
-- grain:      one row: a JSON array with one object per actual
-- parameters: keys
-- index:      finance_staged_actual_pkey
select coalesce(jsonb_agg(jsonb_build_object(
    'actual_id', s.actual_id,
    'transaction_class', s.transaction_class,
    'transaction_type', s.transaction_type,
    'amount', s.amount,
    'discount_amount', s.discount_amount,
    'fee_amount', s.fee_amount,
    'currency_code', s.currency_code,
    'quantity', s.quantity,
    'project_id', s.project_id,
    'transaction_date', s.transaction_date
)), '[]')::text as stated
from unnest(%(keys)s::uuid[]) as k (actual_id)
-- offset 0 keeps the planner from reading all of staging
cross join lateral (select * from finance_staged_actual x where x.actual_id = k.actual_id offset 0) s
