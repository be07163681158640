-- question:   What did a project cost and sell, by task and currency, and in all?
-- grain:      one row per task and currency, at most row_limit by task number, and before them one per currency
--             (is_total); quantity is that of measured_class and measured_type, not_charged what was sold for nothing
-- parameters: company, project_id, task_id, transaction_class, transaction_type, date_from, date_to, measured_class,
--             measured_type, row_limit
-- index:      operations_actual_of_project; every actual of the project between the dates is read
with by_task as materialized (
    select
        task_id,
        currency_code,
        count(*) as actuals,
        sum(quantity) filter (
            where transaction_class = %(measured_class)s and transaction_type = %(measured_type)s
        ) as quantity,
        sum(amount) filter (where transaction_type = 'cost') as cost,
        -- Sales are what is billed before tax: less the discount, and with the fee (operations spec 3.9).
        sum(amount - discount_amount + fee_amount) filter (
            where transaction_type = 'unbilled_sales' and billing_type = 'chargeable'
        ) as unbilled_sales,
        sum(amount - discount_amount + fee_amount) filter (
            where transaction_type = 'billed_sales' and billing_type = 'chargeable'
        ) as billed_sales,
        sum(amount) filter (
            where transaction_type in ('unbilled_sales', 'billed_sales') and billing_type <> 'chargeable'
        ) as not_charged
    from operations_actual
    where project_id = %(project_id)s
        and company_code = %(company)s
        and transaction_date between %(date_from)s and %(date_to)s
        and (%(task_id)s::uuid is null or task_id = %(task_id)s)
        and (%(transaction_class)s = '' or transaction_class = %(transaction_class)s)
        and (%(transaction_type)s = '' or transaction_type = %(transaction_type)s)
    group by task_id, currency_code
),
-- Grouping sets would sort every actual; these are few rows.
summed as (
    select false as is_total, by_task.*
    from by_task
    union all
    select
        true, null, currency_code, sum(actuals)::bigint, sum(quantity), sum(cost), sum(unbilled_sales),
        sum(billed_sales), sum(not_charged)
    from by_task
    group by currency_code
)
select
    summed.is_total, summed.task_id, coalesce(task.number, '') as task_number, coalesce(task.name, '') as task_name,
    summed.currency_code, coalesce(currency.digits, 2) as digits, summed.actuals, summed.quantity, summed.cost,
    summed.unbilled_sales, summed.billed_sales, summed.not_charged
from summed
left join operations_task as task on task.id = summed.task_id
left join operations_currency as currency on currency.code = summed.currency_code
order by summed.is_total desc, task.number nulls first, summed.currency_code
limit %(row_limit)s
