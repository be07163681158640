-- question:   What would confirming a correction or cancellation make? The reversal of each actual that it holds, then what
--             a correction makes instead, at the prices of now. Nothing is written.
-- grain:      one row per line to be, or per entry that cannot be corrected so; at most row_limit after a number
-- parameters: journal_id, after, row_limit
-- index:      operations_taken_actual_of, operations_actual_pkey
with reversing as materialized (
    select
        row_number() over (order by taken.source_id, actual.id) as line_number, reversal.*
    from operations_taken_actual as taken
    inner join operations_actual as actual on actual.id = taken.actual_id
    cross join lateral operations_reversal(actual, null) as reversal
    where taken.journal_id = %(journal_id)s::uuid
),

line as materialized (
    select
        line_number, 'reversing' as step, source_id, transaction_type, transaction_class, billing_type,
        transaction_date as date, project_id, task_id, role_id, category_id, product_id, product_name, resource_id,
        subcontract_id, customer_id, quantity, unit, price, price_reason, amount, tax_amount,
        amount - discount_amount + fee_amount + tax_amount as extended_amount, currency_code, description,
        '' as code, '' as field, '' as stored, '' as value
    from reversing
    union all
    select
        (select count(*) from reversing)
        + row_number() over (order by corrected.source_id, corrected.context, corrected.transaction_type),
        'corrected', corrected.source_id, coalesce(corrected.transaction_type, ''), corrected.transaction_class,
        coalesce(corrected.billing_type, ''), corrected.date, corrected.project_id, corrected.task_id, corrected.role_id,
        corrected.category_id, corrected.product_id, corrected.product_name, corrected.resource_id,
        corrected.subcontract_id, corrected.customer_id, coalesce(corrected.quantity, 0), coalesce(corrected.unit, ''), corrected.price,
        coalesce(corrected.price_reason, ''), coalesce(corrected.amount, 0), coalesce(corrected.tax_amount, 0),
        coalesce(corrected.amount - corrected.discount_amount + corrected.fee_amount + corrected.tax_amount, 0),
        corrected.currency_code,
        coalesce(corrected.description, ''),
        corrected.code, coalesce(corrected.field, ''),
        case corrected.code
            when 'APR-117' then corrected.subcontract_status
            when 'APR-118' then corrected.subcontract_company
            else coalesce(
                nullif(corrected.project_company, corrected.company_code), corrected.missing_currency, corrected.stage, ''
            )
        end,
        coalesce(corrected.value, '')
    from operations_corrected_lines(
        (select id from operations_journal where id = %(journal_id)s::uuid and journal_type <> 'cancellation')
    ) as corrected
)

select
    line.line_number, line.step,
    coalesce(entry.external_id, journal.number || '/' || made.line_number, '') as source,
    line.transaction_type, line.transaction_class, line.billing_type, line.date,
    project.number as project_number, task.number as task_number,
    coalesce(role.code, category.code, product.code, nullif(line.product_name, '')) as what, resource.name as resource,
    subcontract.number as subcontract, customer.account_number as customer, line.quantity, line.unit, line.price, line.price_reason, line.amount,
    line.tax_amount, line.extended_amount, line.currency_code, coalesce(currency.digits, 2) as digits, line.description,
    null::uuid as actual_id, line.code, line.field, line.stored, line.value
from line
inner join operations_project as project on project.id = line.project_id
left join operations_entry as entry on entry.id = line.source_id
left join operations_journal_line as made on made.id = line.source_id
left join operations_journal as journal on journal.id = made.journal_id
left join operations_task as task on task.id = line.task_id
left join operations_role as role on role.id = line.role_id
left join operations_category as category on category.id = line.category_id
left join operations_product as product on product.id = line.product_id
left join operations_resource as resource on resource.id = line.resource_id
left join operations_subcontract as subcontract on subcontract.id = line.subcontract_id
left join operations_customer as customer on customer.id = line.customer_id
left join operations_currency as currency on currency.code = line.currency_code
where line.line_number > %(after)s
order by line.line_number
limit %(row_limit)s
