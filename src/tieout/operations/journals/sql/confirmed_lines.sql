-- question:   Which actuals did the lines of a confirmed journal make?
-- grain:      one row per line, at most row_limit after a number
-- parameters: journal_id, after, row_limit
-- index:      operations_journal_line_key, operations_actual_pkey
select
    line.line_number, line.step,
    case
        when line.step = 'entry' then ''
        else coalesce(entry.external_id, source_journal.number || '/' || source.line_number, '')
    end as source,
    actual.transaction_type, actual.transaction_class, actual.billing_type, actual.transaction_date as date,
    project.number as project_number, task.number as task_number,
    coalesce(role.code, category.code, product.code, nullif(actual.product_name, '')) as what,
    resource.name as resource, subcontract.number as subcontract, customer.account_number as customer,
    actual.quantity, actual.unit, actual.price, actual.price_reason, actual.amount, actual.tax_amount,
    actual.amount - actual.discount_amount + actual.fee_amount + actual.tax_amount as extended_amount,
    actual.currency_code, coalesce(currency.digits, 2) as digits, actual.description, actual.id as actual_id,
    '' as code, '' as field, '' as stored, '' as value
from operations_journal_line as line
inner join operations_actual as actual on actual.id = line.actual_id
inner join operations_project as project on project.id = actual.project_id
left join operations_entry as entry on entry.id = actual.source_id
left join operations_journal_line as source on source.id = actual.source_id
left join operations_journal as source_journal on source_journal.id = source.journal_id
left join operations_task as task on task.id = actual.task_id
left join operations_role as role on role.id = actual.role_id
left join operations_category as category on category.id = actual.category_id
left join operations_product as product on product.id = actual.product_id
left join operations_resource as resource on resource.id = actual.resource_id
left join operations_subcontract as subcontract on subcontract.id = actual.subcontract_id
left join operations_customer as customer on customer.id = actual.customer_id
left join operations_currency as currency on currency.code = actual.currency_code
where line.journal_id = %(journal_id)s::uuid and line.line_number > %(after)s
order by line.line_number
limit %(row_limit)s
