-- question:   Which actuals does a project have, the latest first, each with the row that reverses it beside it?
-- grain:      one row per actual: at most row_limit that reverse nothing, before a given date and key, and the
--             reversals of these; of task, class and type blank means all of them
-- parameters: company, project_id, task_id, transaction_class, transaction_type, date_from, date_to, before_date,
--             before_id, row_limit
-- index:      operations_actual_of_project, operations_actual_reversal, operations_actual_status_of,
--             operations_actual_posting_of, the primary keys of what a row names
with original as materialized (
    select *
    from operations_actual
    where project_id = %(project_id)s
        and company_code = %(company)s
        and reverses_id is null
        and transaction_date between %(date_from)s and %(date_to)s
        and (transaction_date, id) < (%(before_date)s, %(before_id)s)
        and (%(task_id)s::uuid is null or task_id = %(task_id)s)
        and (%(transaction_class)s = '' or transaction_class = %(transaction_class)s)
        and (%(transaction_type)s = '' or transaction_type = %(transaction_type)s)
    order by transaction_date desc, id desc
    limit %(row_limit)s
),
shown as (
    select original.*, original.id as original_id, original.transaction_date as original_date
    from original
    union all
    select reversal.*, original.id, original.transaction_date
    from original
    cross join lateral (
        -- The offset keeps this a look-up by key, and those below.
        select * from operations_actual as found where found.reverses_id = original.id offset 0
    ) as reversal
)
select
    shown.id, shown.reverses_id, shown.original_id, shown.original_date, shown.transaction_date,
    shown.accounting_date, shown.transaction_type, shown.transaction_class, shown.billing_type, shown.quantity,
    shown.unit, shown.price, shown.amount, shown.discount_amount, shown.fee_amount, shown.currency_code, coalesce(currency.digits, 2) as digits, shown.price_reason,
    shown.source_kind, shown.source_id, shown.skip_sync, shown.description, shown.custom::text as custom,
    shown.created_at,
    coalesce(task.number, '') as task_number, coalesce(resource.name, '') as resource_name,
    coalesce(role.name, category.name, product.name, shown.product_name) as what, coalesce(customer.name, '') as customer_name,
    coalesce(state.adjustment_status, 'live') as adjustment_status,
    coalesce(state.billing_status, '') as billing_status,
    coalesce(posting.voucher, '') as voucher, posting.accounting_amount as posted_amount, posting.posted_at
from shown
left join operations_currency as currency on currency.code = shown.currency_code
left join operations_task as task on task.id = shown.task_id
left join operations_resource as resource on resource.id = shown.resource_id
left join operations_role as role on role.id = shown.role_id
left join operations_category as category on category.id = shown.category_id
left join operations_product as product on product.id = shown.product_id
left join operations_customer as customer on customer.id = shown.customer_id
left join lateral (
    select * from operations_actual_state as said where said.actual_id = shown.id offset 0
) as state on true
left join lateral (
    select *
    from operations_actual_posting as said
    where said.actual_id = shown.id
    order by said.id desc
    limit 1
) as posting on true
order by shown.original_date desc, shown.original_id desc, shown.reverses_id is not null
