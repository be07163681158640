-- question:   What would the lines of a draft entry journal make, and what is wrong with each?
-- grain:      one row per line, at most row_limit after a number
-- parameters: journal_id, after, row_limit
-- index:      operations_open_journal_line_key
select
    draft.line_number, 'entry' as step, '' as source, draft.transaction_type, draft.transaction_class, draft.billing_type,
    draft.transaction_date as date, draft.project_number, task.number as task_number,
    coalesce(role.code, category.code, product.code, nullif(draft.product_name, '')) as what, resource.name as resource,
    null as subcontract, customer.account_number as customer, draft.quantity, draft.unit, draft.price, draft.price_reason, draft.amount,
    draft.tax_amount, draft.amount - draft.discount_amount + draft.fee_amount + draft.tax_amount as extended_amount,
    draft.currency_code, coalesce(draft.digits, 2) as digits, draft.description, null::uuid as actual_id,
    draft.code, draft.field, draft.stored, draft.value
from operations_journal_draft(array[%(journal_id)s::uuid]) as draft
left join operations_task as task on task.id = draft.task_id
left join operations_role as role on role.id = draft.role_id
left join operations_category as category on category.id = draft.category_id
left join operations_product as product on product.id = draft.product_id
left join operations_resource as resource on resource.id = draft.resource_id
left join operations_customer as customer on customer.id = draft.customer_id
where draft.line_number > %(after)s
order by draft.line_number
limit %(row_limit)s
