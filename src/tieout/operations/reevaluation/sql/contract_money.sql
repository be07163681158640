-- question:   What do the live actuals of these projects under this contract come to, whatever their source?
-- grain:      one row per transaction type, billing type and currency
-- parameters: projects, contract_id
-- index:      operations_actual_of_project, operations_actual_reversal
select
    actual.transaction_type, actual.billing_type, actual.currency_code, coalesce(max(currency.digits), 2) as digits,
    count(*) as actuals, sum(actual.amount) as amount
from operations_actual as actual
left join operations_currency as currency on currency.code = actual.currency_code
where actual.project_id = any(%(projects)s::uuid[])
    and actual.contract_id = %(contract_id)s
    and actual.reverses_id is null
    and not exists (select from operations_actual as reversal where reversal.reverses_id = actual.id)
group by actual.transaction_type, actual.billing_type, actual.currency_code
order by actual.transaction_type, actual.billing_type, actual.currency_code
