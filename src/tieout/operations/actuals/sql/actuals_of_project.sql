-- question:   Which actuals does a project have, oldest first?
-- grain:      one row per actual, at most row_limit after a given key
-- parameters: company, project_id, after, row_limit
-- index:      operations_actual_pkey
select
    id, transaction_date, transaction_type, transaction_class, billing_type, quantity, price, amount,
    currency_code, accounting_amount, price_reason, source_kind, source_id, skip_sync, created_at
from operations_actual
where company_code = %(company)s
    and project_id = %(project_id)s
    and id > %(after)s
order by id
limit %(row_limit)s
