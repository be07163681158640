-- question:   Which price has this actual, and what was recorded of where it came from?
-- grain:      one row, none where the company has no such actual; without a trace its columns are null
-- parameters: company, actual_id
-- index:      operations_actual_pkey, operations_price_trace_pkey, operations_subcontract_pkey
select
    actual.id as actual_id, actual.transaction_date, actual.transaction_type, actual.transaction_class,
    actual.quantity, actual.price, actual.amount, actual.tax_amount, actual.currency_code, coalesce(currency.digits, 2) as digits,
    actual.price_reason, actual.source_kind, actual.source_id, actual.reverses_id,
    coalesce(subcontract.number, '') as subcontract,
    project.number as project_number, project.name as project_name,
    trace.id as trace_id, trace.price_list_id, trace.line_id, trace.override_id, trace.markup_id,
    trace.markup_percent, trace.list_price, trace.list_currency, trace.cost_price, trace.cost_currency,
    trace.cost_percent, trace.exchange_rate
from operations_actual as actual
left join operations_project as project on project.id = actual.project_id
left join operations_currency as currency on currency.code = actual.currency_code
left join operations_subcontract as subcontract on subcontract.id = actual.subcontract_id
left join operations_price_trace as trace on trace.id = actual.price_trace_id
where actual.id = %(actual_id)s
    and actual.company_code = %(company)s
