-- question:   Confirm a draft of an entry journal: each line becomes one actual, as typed, without connections and origins
--             (operations spec 2.5). If one line is refused nothing happens. Lines that arrived with a general journal of
--             finance are of its line: their cost is what finance posted, their sales are connected to it (spec 5, L28).
-- grain:      one row in all: how many lines were confirmed, how many are refused, the problem of the first hundred, and
--             the lines without a price
-- parameters: journal_id, actor
-- index:      operations_open_journal_pkey, operations_open_journal_line_key
with line as materialized (
    select * from operations_journal_draft(array[%(journal_id)s::uuid]) order by line_number
),

numbered as materialized (
    -- Keys that rise with the lines: before anything is joined, which may turn their order.
    select line.*, tieout_id() as actual_id from line
),

good as materialized (
    select
        numbered.*, born.journal_id as born_with, born.amount as born_amount, born.exchange_rate as born_rate,
        born.accounting_amount as born_accounting_amount
    from numbered
    left join operations_arrived_journal_line as born on born.id = numbered.arrived_line_id
    where not exists (select from line where code <> '')
),

recorded as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, unit, price, amount, discount_amount, fee_amount,
        tax_amount, currency_code, exchange_rate, exchange_rate_date, accounting_amount, transaction_date,
        accounting_date, company_code, project_id, contract_id,
        contract_line_id, contract_line_customer_id, customer_id, category_id, product_id, product_name, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, source_kind, source_id, price_reason, price_trace_id,
        custom, description, external_description, skip_sync
    )
    select
        actual_id, transaction_type, transaction_class, billing_type, quantity, unit, price,
        case when transaction_type = 'cost' then coalesce(born_amount, amount) else amount end, discount_amount,
        fee_amount, tax_amount, currency_code, case when transaction_type = 'cost' then born_rate end,
        case when transaction_type = 'cost' and born_with is not null then accounting_date end,
        case when transaction_type = 'cost' then born_accounting_amount end, transaction_date, accounting_date, books, project_id, contract_id,
        contract_line_id, contract_line_customer_id, customer_id, category_id, product_id, product_name, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id,
        case when born_with is null then 'journal_line' else 'general_journal_line' end,
        coalesce(arrived_line_id, line_id),
        case when born_with is not null and transaction_type = 'cost' then 'posted_amount' else price_reason end,
        price_trace_id,
        custom, description, external_description, skip_sync
    from good
),

connected as (
    insert into operations_transaction_connection (
        transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select sale.id, 'actual', 'unbilled_sales', pair.cost_id, 'actual', 'cost', pair.journal_company
    from (
        -- Gathered, not joined: a planner that takes a journal for a line would compare each with each.
        select
            journal_company,
            (array_agg(actual_id) filter (where transaction_type = 'cost'))[1] as cost_id,
            array_agg(actual_id order by actual_id) filter (where transaction_type = 'unbilled_sales') as sale_ids
        from good
        where arrived_line_id is not null
        group by journal_company, arrived_line_id
    ) as pair
    cross join unnest(pair.sale_ids) as sale (id)
    where pair.cost_id is not null
),

traced as (
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select actual_id, arrived_line_id, 'general_journal_line' from good where born_with is not null
    union all
    select actual_id, born_with, 'general_journal' from good where born_with is not null
),

kept as (
    insert into operations_journal_line (id, journal_id, line_number, step, actual_id, amount_method, entered_by)
    select line_id, journal_id, line_number, 'entry', actual_id, amount_method, entered_by
    from good
),

emptied as (
    delete from operations_open_journal_line
    where journal_id = %(journal_id)s::uuid and exists (select from good)
),

closed as (
    delete from operations_open_journal as open
    where open.journal_id = %(journal_id)s::uuid and exists (select from good)
    returning open.journal_id, open.description
),

confirmed as (
    insert into operations_journal_outcome (journal_id, outcome, description, values, done_by)
    select journal_id, 'confirmed', description, '{}', %(actor)s
    from closed
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', actual_id
    from good
    where not skip_sync and outbox_captures('msdyn_actuals')
)

select
    0 as reversed,
    (select count(*) from good) as made,
    count(*) filter (where code <> '') as refused,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', one.code, 'company_code', one.journal_company, 'record_kind', 'journal_line',
                    'record_id', one.line_id, 'record_name', one.journal_number || '/' || one.line_number,
                    'details', jsonb_build_object(
                        'key', 'journal ' || one.journal_number || ', line ' || one.line_number,
                        'field', one.field, 'stored', one.stored, 'value', one.value
                    )
                )
                order by one.line_number
            ),
            '[]'
        )::text
        from (select * from line where code <> '' order by line_number limit 100) as one
    ) as problems,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', 'APR-102', 'company_code', journal_company, 'record_kind', 'journal_line',
                    'record_id', line_id, 'record_name', journal_number || '/' || line_number,
                    'details', jsonb_build_object(
                        'thing', coalesce(
                            (select one.code from operations_role as one where one.id = good.role_id),
                            (select one.code from operations_category as one where one.id = good.category_id),
                            (select one.code from operations_product as one where one.id = good.product_id),
                            nullif(product_name, ''), transaction_class
                        ),
                        'price_date', transaction_date,
                        'unit', (
                            select one.code from operations_organizational_unit as one
                            where one.id = good.contracting_unit_id
                        ),
                        'currency', currency_code, 'reason', price_reason, 'transaction_type', transaction_type
                    )
                )
            ),
            '[]'
        )::text
        from good
        where not operations_is_priced(price_reason)
    ) as unpriced
from numbered
