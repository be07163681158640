-- question:   Which entries of this company and class have this status on their way to approval, at which cost and sales
--             price were they submitted, and what was said of them last?
-- grain:      one row per entry, at most row_limit after a given key
-- parameters: company, transaction_class, status, after, row_limit, actor, every_project
-- index:      operations_open_entry_of, operations_entry_pkey, operations_entry_journal_line_key,
--             operations_entry_event_of, operations_project_approver_key
select
    entry.id as entry_id, entry.transaction_class, entry.external_id, entry.date, entry.minutes, entry.quantity, entry.unit,
    entry.price as typed_price, entry.currency_code as typed_currency, entry.description,
    resource.code as resource_code, resource.name as resource_name,
    project.number as project_number, project.name as project_name, task.number as task_number,
    coalesce(role.name, category.name, product.name, nullif(entry.product_name, ''), entry.time_type) as what,
    not %(every_project)s and operations_others_approve(entry.project_id, %(actor)s) as others_approve,
    open.status as state, open.submitted_by, open.since,
    cost.quantity as cost_quantity, cost.price as cost_price, cost.amount as cost_amount, cost.currency_code as cost_currency,
    cost.digits as cost_digits, cost.price_reason as cost_reason, cost.billing_type as cost_billing,
    sales.quantity as sales_quantity, sales.price as sales_price, sales.amount as sales_amount, sales.currency_code as sales_currency,
    sales.digits as sales_digits, sales.price_reason as sales_reason, sales.billing_type as sales_billing,
    said.event, said.comment, said.done_by
from (
    select *
    from operations_open_entry
    where company_code = %(company)s
        and status = %(status)s
        and transaction_class = %(transaction_class)s
        and entry_id > %(after)s
    order by entry_id
    limit %(row_limit)s
) as open
cross join lateral (
    -- The offsets keep these look-ups by key: cost per entry does not grow with the history.
    select * from operations_entry as found where found.id = open.entry_id offset 0
) as entry
left join operations_resource as resource on resource.id = entry.resource_id
left join operations_project as project on project.id = entry.project_id
left join operations_role as role on role.id = entry.role_id
left join operations_category as category on category.id = entry.category_id
left join operations_product as product on product.id = entry.product_id
left join operations_task as task on task.id = entry.task_id
left join lateral (
    select line.*, coalesce(currency.digits, 2) as digits
    from operations_entry_journal_line as line
    left join operations_currency as currency on currency.code = line.currency_code
    where line.submission_id = open.lines_id and line.transaction_type = 'cost'
    offset 0
) as cost on true
left join lateral (
    select line.*, coalesce(currency.digits, 2) as digits
    from operations_entry_journal_line as line
    left join operations_currency as currency on currency.code = line.currency_code
    where line.submission_id = open.lines_id and line.transaction_type = 'unbilled_sales'
    offset 0
) as sales on true
left join lateral (
    select happened.event, happened.comment, happened.done_by
    from operations_entry_event as happened
    where happened.entry_id = entry.id
    order by happened.id desc
    limit 1
) as said on true
order by open.entry_id
