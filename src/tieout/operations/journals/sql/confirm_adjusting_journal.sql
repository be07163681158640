-- question:   Confirm a draft of a correction or cancellation: each actual that it holds is reversed, once, and what a
--             correction makes instead is recorded at the prices of its date (operations spec 2.5; appendix A). If one
--             entry is refused, or an actual was invoiced meanwhile, nothing happens.
-- grain:      one row in all: how many actuals were reversed, how many made instead, how many entries were refused,
--             the problem of the first hundred, and the lines without a price
-- parameters: journal_id, actor
-- index:      operations_open_journal_pkey, operations_taken_actual_of, operations_actual_pkey,
--             operations_actual_reversal, operations_actual_status_of, operations_transaction_origin_pkey
with journal as materialized (
    select one.*, open.description, to_jsonb(open) as said
    from operations_journal as one
    inner join operations_open_journal as open on open.journal_id = one.id
    where one.id = %(journal_id)s::uuid
),

original as materialized (
    select
        taken.source_id as held_source, taken.taken_by, actual.*,
        row_number() over (order by taken.source_id, actual.id) as place,
        tieout_id() as reversal_id, tieout_id() as line_id, tieout_id() as connection_id,
        case
            when state.billing_status in ('customer_invoice_created', 'customer_invoice_posted') then 'APR-112'
            when state.adjustment_status <> 'in_process' then 'APR-113'
            else ''
        end as fault
    from operations_taken_actual as taken
    cross join lateral (
        select one as original, one.* from operations_actual as one where one.id = taken.actual_id offset 0
    ) as actual
    inner join operations_actual_state as state on state.actual_id = actual.id
    where taken.journal_id = %(journal_id)s::uuid
),

corrected as materialized (
    select
        line.*, tieout_id() as actual_id, tieout_id() as line_id, tieout_id() as connection_id,
        tieout_id() as base_connection_id, tieout_id() as own_trace_id,
        (select count(*) from original) + row_number() over (order by line.source_id, line.context, line.transaction_type)
            as place
    from operations_corrected_lines((select id from journal where journal_type <> 'cancellation')) as line
),

faults as materialized (
    select held_source as source_id, fault as code, null::text as field, null::text as value, min(id::text) as name
    from original
    where fault <> ''
    group by held_source, fault
    union all
    select source_id, code, field, value, external_id from corrected where code <> ''
),

reversed as materialized (
    select * from original where not exists (select from faults)
),

-- Lines that are priced alike share a trace.
good as materialized (
    select corrected.*, first_value(own_trace_id) over (partition by context order by place) as trace_id
    from corrected
    where not exists (select from faults)
),

why as (
    insert into operations_price_trace (
        id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, reason
    )
    select
        trace_id, price, currency_code, price_list_id, price_line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, price_reason
    from good
    where trace_id = own_trace_id
),

recorded as (
    insert into operations_actual
    select reversal.*
    from reversed
    cross join lateral operations_reversal(reversed.original, reversed.reversal_id) as reversal
),

replaced as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, unit, price, amount, discount_amount, fee_amount,
        tax_amount, currency_code, transaction_date, accounting_date, company_code, project_id, contract_id,
        contract_line_id, contract_line_customer_id, customer_id, category_id, product_id, product_name, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, subcontract_id, source_kind, source_id, price_reason,
        price_trace_id, custom, description, external_description, skip_sync
    )
    select
        actual_id, transaction_type, transaction_class, billing_type, quantity, unit, price, amount, discount_amount,
        fee_amount, tax_amount, currency_code, date, date, books, project_id, contract_id, contract_line_id,
        contract_line_customer_id, customer_id, category_id, product_id, product_name, role_id, task_id, resource_id,
        contracting_unit_id, resourcing_unit_id, subcontract_id, source_kind, source_id, price_reason,
        trace_id, custom, description,
        external_description, skip_sync
    from good
),

adjusted as (
    insert into operations_actual_status (actual_id, machine, status, set_by)
    select said.actual_id, 'adjustment', said.status, %(actor)s
    from reversed
    cross join lateral (values (id, 'adjusted'), (reversal_id, 'unadjustable')) as said (actual_id, status)
),

kept as (
    insert into operations_journal_line (
        id, journal_id, line_number, step, actual_id, original_id, amount_method, entered_by
    )
    select line_id, %(journal_id)s::uuid, place, 'reversing', reversal_id, id, 'multiply', taken_by
    from reversed
    union all
    select
        good.line_id, %(journal_id)s::uuid, good.place, 'corrected', good.actual_id, good.original_id, 'multiply',
        (select taken.taken_by from operations_taken_actual as taken where taken.actual_id = good.original_id)
    from good
),

connection as materialized (
    select
        connection_id as id, reversal_id as transaction1_id, 'reversing' as transaction1_role, id as transaction2_id,
        'original' as transaction2_role, company_code, skip_sync
    from reversed
    union all
    select connection_id, actual_id, 'replacing', original_id, 'original', books, skip_sync
    from good
    union all
    -- A sale and what it cost, as at approval.
    select sale.base_connection_id, sale.actual_id, sale.transaction_type, cost.actual_id, sale.base, sale.books, sale.skip_sync
    from good as sale
    inner join good as cost on cost.source_id = sale.source_id and cost.transaction_type = sale.base
    where sale.base <> ''
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select id, transaction1_id, 'actual', transaction1_role, transaction2_id, 'actual', transaction2_role, company_code
    from connection
),

traced as (
    -- All ancestors: those of the original, and the line of this journal.
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select made.actual_id, origin.origin_id, origin.origin_type
    from (
        select reversal_id as actual_id, id as original_id from reversed
        union all
        select actual_id, original_id from good
    ) as made
    cross join lateral (
        select * from operations_transaction_origin as one where one.transaction_id = made.original_id offset 0
    ) as origin
    union all
    select reversal_id, line_id, 'journal_line' from reversed
    union all
    select actual_id, line_id, 'journal_line' from good
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', made.id
    from (
        select reversal_id as id, skip_sync from reversed
        union all
        select actual_id, skip_sync from good
    ) as made
    where not made.skip_sync and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_transactionconnections', id
    from connection
    where not skip_sync and outbox_captures('msdyn_transactionconnections')
),

released as (
    delete from operations_taken_actual
    where journal_id = %(journal_id)s::uuid and exists (select from reversed)
),

closed as (
    delete from operations_open_journal
    where journal_id = %(journal_id)s::uuid and exists (select from reversed)
),

confirmed as (
    insert into operations_journal_outcome (journal_id, outcome, description, values, done_by)
    select id, 'confirmed', description, said, %(actor)s
    from journal
    where exists (select from reversed)
)

select
    (select count(*) from reversed) as reversed,
    (select count(*) from good) as made,
    (select count(distinct source_id) from faults) as refused,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', one.code, 'company_code', journal.company_code, 'record_kind', 'entry',
                    'record_id', one.source_id, 'record_name', one.name,
                    'details', jsonb_build_object(
                        'record', one.name, 'company', journal.company_code, 'field', one.field, 'value', one.value,
                        'project', one.project_number, 'project_company', one.project_company, 'stage', one.stage,
                        'event', 'approved', 'contract_type', one.situation, 'currency', one.missing_currency,
                        'subcontract', one.value, 'subcontract_status', one.subcontract_status,
                        'subcontract_company', one.subcontract_company
                    )
                )
            ),
            '[]'
        )::text
        from (
            select
                faults.*, corrected.project_company, corrected.stage, corrected.situation, corrected.missing_currency,
                corrected.subcontract_status, corrected.subcontract_company, project.number as project_number
            from faults
            left join corrected on corrected.source_id = faults.source_id and corrected.code = faults.code
            left join operations_project as project on project.id = corrected.project_id
            order by faults.name
            limit 100
        ) as one
    ) as problems,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', 'APR-102', 'company_code', journal.company_code, 'record_kind', 'journal_line',
                    'record_id', good.line_id, 'record_name', journal.number || '/' || good.place,
                    'details', jsonb_build_object(
                        'thing', coalesce(role.code, category.code, product.code, nullif(good.product_name, '')),
                        'price_date', good.date, 'unit', unit.code, 'currency', good.currency_code,
                        'reason', good.price_reason, 'transaction_type', good.transaction_type
                    )
                )
            ),
            '[]'
        )::text
        from good
        left join operations_role as role on role.id = good.role_id
        left join operations_category as category on category.id = good.category_id
        left join operations_product as product on product.id = good.product_id
        left join operations_organizational_unit as unit on unit.id = good.contracting_unit_id
        where not operations_is_priced(good.price_reason)
    ) as unpriced,
    (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', 'APR-119', 'company_code', journal.company_code, 'record_kind', 'journal_line',
                    'record_id', good.line_id, 'record_name', journal.number || '/' || good.place,
                    'details', jsonb_build_object(
                        'record', good.external_id, 'tax', good.typed_tax, 'tax_currency', good.typed_currency,
                        'currency', good.currency_code, 'price_date', good.date,
                        'transaction_type', replace(good.transaction_type, '_', ' ')
                    )
                )
            ),
            '[]'
        )::text
        from good
        where good.lacks_tax
    ) as untaxed
from journal
