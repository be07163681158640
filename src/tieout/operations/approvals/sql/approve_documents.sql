-- question:   Which of these lines born in finance become actuals, and which are refused with which code?
--             The lines are those of one delivery batch, those that were verified just now, or else refused ones after a
--             given key. Of a batch, those that the project manager verifies wait for that instead (awaiting).
-- grain:      one row in all: what was judged, approved and refused, in rows and accounting currency
-- parameters: intake_id, batch_id, document_kind, company, after, row_limit, approver, verified, companies
-- index:      operations_expense_batch, operations_vendorinvoiceline_batch, operations_approval_pkey,
--             operations_category_price_key and the keys of lists and rates (definitions/030_pricing.sql);
--             retried lines: operations_approval_retry_pkey and the keys of the lines
with decision as materialized (
    -- The situations of the decision table side by side: resources work in the unit that owns the project.
    select
        contract,
        bool_or(actual = 'not_applicable') as not_applicable,
        bool_or(actual = 'cost') as makes_cost,
        bool_or(actual = 'unbilled_sales') as makes_sales
    from operations_decision
    where units = 'same' and event = 'approved'
    group by contract
),

line as (
    select fresh.*, '' as code_before, fresh.manual_verification as is_to_verify
    from operations_finance_document_line as fresh
    where %(intake_id)s is not null
        and fresh.document_kind = %(document_kind)s
        and fresh.batch_id = %(batch_id)s
        and fresh.company_code = %(company)s
    union all
    select refused.*, retry.code, false
    from (
        select document_id, document_kind, code
        from operations_approval_retry
        where %(intake_id)s is null
            and %(verified)s::uuid[] is null
            and company_code = %(company)s
            and document_id > %(after)s
        order by document_id
        limit %(row_limit)s
    ) as retry
    inner join operations_finance_document_line as refused
        on refused.id = retry.document_id and refused.document_kind = retry.document_kind
    union all
    select verified.*, '', false
    from operations_finance_document_line as verified
    where verified.document_kind = 'vendor_invoice_line'
        and verified.id = any(%(verified)s::uuid[])
        and verified.company_code = %(company)s
),

-- Asked once for all lines that are alike: which contract line takes them (operations spec 2.0.4, 4.9), and on which
-- terms it bills.
billing as materialized (
    select
        alike.*, found.contract_line_id, found.contract_id, found.situation, found.billing_type,
        terms.customer_id, terms.customers, terms.discount_percent, terms.fee_percent
    from (
        select distinct line.project_id, line.category_id, category.transaction_class
        from line
        left join operations_category as category on category.id = line.category_id
    ) as alike
    cross join lateral operations_billing(
        alike.project_id, null, alike.transaction_class, null, alike.category_id
    ) as found
    left join lateral operations_line_terms(found.contract_line_id) as terms on true
),

-- Lines that one company posted for the project of another (finance spec 2.8, 6): what they cost there, in the currency
-- of the unit that owns the project, is what they cost here. Asked once for all that are alike.
lent as materialized (
    select alike.*, currency.digits, known.rate
    from (
        select distinct line.project_id, line.currency_code, line.transaction_date, unit.currency_code as unit_currency,
            coalesce(parameters.rate_type, 'default') as rate_type
        from line
        inner join operations_project as project on project.id = line.project_id
        inner join operations_organizational_unit as unit on unit.id = project.unit_id
        left join operations_pricing_parameters as parameters on parameters.company_code = project.company_code
        where project.company_code <> line.company_code
    ) as alike
    left join operations_currency as currency on currency.code = alike.unit_currency
    left join lateral operations_last_rate(
        alike.currency_code, alike.unit_currency, alike.transaction_date, alike.rate_type
    ) as known on true
),

-- Asked once for all lines that are alike: on which terms the contract buys such a thing on that day.
terms as materialized (
    select alike.*, row_number() over () as number, found.*
    from (
        select distinct
            billing.contract_id, line.category_id, line.unit, line.transaction_date, line.currency_code
        from line
        inner join billing on billing.project_id = line.project_id and billing.category_id = line.category_id
        inner join decision on decision.contract = billing.situation and decision.makes_sales
    ) as alike
    cross join lateral operations_document_terms(
        alike.contract_id, alike.category_id, alike.unit, alike.transaction_date, alike.currency_code
    ) as found
),

-- Ids are made here once, so that actuals, connections, origins and outbox are plain scans of these rows:
-- a join between them could be planned as a nested loop when a batch is newer than the statistics.
judged as materialized (
    select
        line.*,
        project.number as project_number,
        project.company_code as project_company,
        project.stage,
        project.unit_id as contracting_unit_id,
        billing.contract_line_id,
        billing.contract_id,
        billing.customer_id,
        billing.customers,
        billing.discount_percent,
        billing.fee_percent,
        category.code as category_code,
        category.transaction_class,
        resource.id as resource_id,
        resource.unit_id as resourcing_unit_id,
        decision.contract as situation,
        decision.makes_cost,
        decision.makes_sales,
        -- The cost follows the sales row; without one there is nobody to charge (DESIGN section 5, blank cells).
        case when decision.makes_sales then billing.billing_type else 'not_available' end as billing_type,
        contract.currency_code as sales_currency,
        sales_currency.digits as sales_digits,
        terms.number as terms,
        terms.price_list_id,
        terms.line_id,
        terms.list_price,
        terms.list_currency,
        terms.percent,
        terms.rate as sales_rate,
        terms.reason as sales_reason,
        already.already,
        lent.project_id is not null as is_lent,
        lent.unit_currency,
        lent.digits as unit_digits,
        lent.rate as lent_rate,
        case when lent.project_id is not null then tieout_id() end as own_cost_id,
        case when lent.project_id is not null then tieout_id() end as own_sale_id,
        case when lent.project_id is not null then tieout_id() end as own_trace_id,
        case when lent.project_id is not null then tieout_id() end as own_connection_id,
        line.is_to_verify and not already.already as awaits,
        case
            when already.already or line.is_to_verify then ''
            -- The first that applies is the answer; approvals/rules.py gives each its reason.
            when project.id is null then 'APR-104'
            when project.company_code <> line.company_code
                and (
                    line.is_posted_at_source
                    or not project.company_code = any(coalesce(%(companies)s::text[], array[project.company_code]))
                ) then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when category.id is null
                or category.transaction_class = 'fee'
                or (line.document_kind = 'expense' and category.transaction_class <> 'expense') then 'DW-113'
            when currency.code is null
                or (lent.project_id is not null and lent.digits is null)
                or (decision.makes_sales and sales_currency.code is null) then 'APR-105'
            when decision.makes_sales and terms.list_price is null and terms.rate is null then 'APR-106'
            when lent.project_id is not null and lent.rate is null then 'APR-106'
            else ''
        end as code,
        tieout_id() as cost_id
    from line
    cross join lateral (
        -- A look-up by key for each line, whatever the planner knows: constant cost however many were approved.
        select (select true from operations_approval as done where done.id = line.id) is true as already
        offset 0
    ) as already
    left join operations_project as project on project.id = line.project_id
    left join billing on billing.project_id = line.project_id and billing.category_id = line.category_id
    left join operations_contract as contract on contract.id = billing.contract_id
    left join decision on decision.contract = billing.situation
    left join operations_category as category on category.id = line.category_id
    left join operations_resource as resource on resource.code = line.resource_code
    left join operations_currency as currency on currency.code = line.currency_code
    left join operations_currency as sales_currency on sales_currency.code = contract.currency_code
    left join lent
        on project.company_code <> line.company_code
        and lent.project_id = line.project_id
        and lent.currency_code = line.currency_code
        and lent.transaction_date = line.transaction_date
    left join terms
        on terms.contract_id = billing.contract_id
        and terms.category_id = line.category_id
        and terms.unit = line.unit
        and terms.transaction_date = line.transaction_date
        and terms.currency_code = line.currency_code
),

passed as not materialized (
    select
        judged.*,
        operations_over_cost(unit_price, null, lent_rate, 16) as lent_price,
        operations_over_cost(amount, null, lent_rate, unit_digits) as lent_amount
    from judged
    where code = '' and not already and not awaits
),

-- Sold per unit, or at the posted amount with the percentage over it, in the contract's currency, rounded once. Lines on
-- the same terms at the same unit price are priced alike.
priced as materialized (
    select
        passed.*,
        case
            when passed.list_price is not null then passed.list_price
            else operations_over_cost(passed.unit_price, passed.percent, passed.sales_rate, 16)
        end as sales_price,
        case
            when passed.list_price is not null then round(passed.quantity * passed.list_price, passed.sales_digits)
            else operations_over_cost(passed.amount, passed.percent, passed.sales_rate, passed.sales_digits)
        end as sales_amount,
        dense_rank() over (
            order by passed.terms, case when passed.list_price is null then passed.unit_price end
        ) as context
    from passed
    where passed.makes_sales
),

trace as materialized (
    select distinct on (context) tieout_id() as trace_id, priced.*
    from priced
),

-- Each customer of the contract line bears its share (operations spec 4.10).
sale as materialized (
    select
        priced.*, tieout_id() as sales_id, case when priced.makes_cost then tieout_id() end as connection_id,
        trace.trace_id, share.line_customer_id, share.customer_id as sold_to, share.quantity as sold_quantity,
        share.amount as sold_amount, extended.discount, extended.fee
    from priced
    inner join trace on trace.context = priced.context
    cross join lateral operations_amount_shares(
        priced.customers, priced.customer_id, priced.quantity, priced.sales_amount, priced.sales_digits
    ) as share
    cross join lateral operations_discount_and_fee(
        share.amount, priced.discount_percent, priced.fee_percent, priced.sales_digits
    ) as extended
    where priced.customers is null or share.quantity <> 0 or share.amount <> 0
),

why as (
    insert into operations_price_trace (
        id, price, currency_code, price_list_id, line_id, list_price, list_currency, cost_price, cost_currency,
        cost_percent, exchange_rate, reason
    )
    select
        trace_id, sales_price, sales_currency, price_list_id, line_id, list_price, list_currency,
        case when list_price is null then unit_price end, case when list_price is null then currency_code end,
        percent, case when list_price is null and currency_code <> sales_currency then sales_rate end, sales_reason
    from trace
    union all
    select
        own_trace_id, lent_price, unit_currency, null, null, null, null, unit_price, currency_code, null,
        case when currency_code <> unit_currency then lent_rate end, 'at_cost'
    from passed
    where is_lent
),

approved as (
    insert into operations_approval (id, document_id, document_kind, approved_by)
    select id, id, document_kind, %(approver)s
    from passed
),

recorded as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, unit, price, amount, discount_amount, fee_amount,
        tax_amount, currency_code, exchange_rate, exchange_rate_date, accounting_amount, transaction_date,
        accounting_date, company_code, project_id, contract_id, contract_line_id, contract_line_customer_id,
        customer_id, category_id, resource_id, contracting_unit_id,
        resourcing_unit_id, subcontract_id, source_kind, source_id, price_reason, price_trace_id, description, skip_sync
    )
    -- Cost is what finance posted, never computed again; recoverable tax never travels (DESIGN section 5). Of a line for
    -- the project of another company that is the resourcing unit cost of the company that posted it; the cost of the
    -- other one is the same, and its vendor invoice between the companies brings it.
    select
        case when is_lent then own_cost_id else cost_id end, case when is_lent then 'resourcing_unit_cost' else 'cost' end, transaction_class, billing_type, quantity, unit, unit_price, amount, 0, 0, 0, currency_code,
        exchange_rate, exchange_rate_date, accounting_amount, transaction_date, accounting_date, company_code,
        project_id, contract_id, contract_line_id, null::uuid, null::uuid, category_id, resource_id, contracting_unit_id,
        resourcing_unit_id, subcontract_id, source_kind, id, 'posted_amount', null, description, is_posted_at_source
    from passed
    where makes_cost or is_lent
    union all
    select
        made.id, made.transaction_type, transaction_class, billing_type, quantity, unit, lent_price, lent_amount, 0, 0, 0,
        unit_currency, null, null, null, transaction_date, accounting_date, made.books,
        project_id, contract_id, contract_line_id, null, null, category_id, resource_id, contracting_unit_id,
        resourcing_unit_id, subcontract_id, source_kind, passed.id, 'at_cost', own_trace_id, description,
        made.transaction_type = 'cost'
    from passed
    cross join lateral (
        values
        (cost_id, 'cost', project_company),
        (own_sale_id, 'interorganizational_sales', company_code)
    ) as made (id, transaction_type, books)
    where is_lent and (makes_cost or made.transaction_type <> 'cost')
    union all
    select
        sales_id, 'unbilled_sales', transaction_class, billing_type, sold_quantity, unit, sales_price, sold_amount,
        discount, fee, 0,
        sales_currency, null, null, null, transaction_date, accounting_date, project_company,
        project_id, contract_id, contract_line_id, line_customer_id, sold_to, category_id, resource_id,
        contracting_unit_id, resourcing_unit_id, subcontract_id, source_kind, id, sales_reason, trace_id, description, false
    from sale
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select connection_id, sales_id, 'actual', 'unbilled_sales', cost_id, 'actual', 'cost', project_company
    from sale
    where connection_id is not null
    union all
    select
        own_connection_id, own_sale_id, 'actual', 'interorganizational_sales', own_cost_id, 'actual',
        'resourcing_unit_cost', company_code
    from passed
    where is_lent
),

traced as (
    -- All ancestors, not only the parent: the line and its document (operations spec 1.3).
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select cost_id, id, document_kind from passed where makes_cost
    union all
    select cost_id, document_id, parent_kind from passed where makes_cost
    union all
    select own.id, origin.id, origin.kind
    from passed
    cross join lateral (values (own_cost_id), (own_sale_id)) as own (id)
    cross join lateral (values (passed.id, document_kind), (document_id, parent_kind)) as origin (id, kind)
    where is_lent
    union all
    select sales_id, id, document_kind from sale
    union all
    select sales_id, document_id, parent_kind from sale
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', cost_id
    from passed
    where makes_cost and not is_posted_at_source and not is_lent and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_actuals', own.id
    from passed
    cross join lateral (values (own_cost_id), (own_sale_id)) as own (id)
    where is_lent and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_actuals', sales_id from sale where outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_transactionconnections', connection_id
    from sale
    where connection_id is not null and outbox_captures('msdyn_transactionconnections')
    union all
    select 'msdyn_transactionconnections', own_connection_id
    from passed
    where is_lent and outbox_captures('msdyn_transactionconnections')
),

waiting as (
    -- A person decides of these (verification/sql); one that was decided of is not asked again.
    insert into operations_open_verification (line_id, invoice_id, company_code, project_id)
    select judged.id, judged.document_id, judged.company_code, judged.project_id
    from judged
    where judged.awaits
        and not exists (select from operations_approval_retry as held where held.document_id = judged.id)
    on conflict (line_id) do nothing
),

verified as (
    delete from operations_open_verification as open
    using judged
    where open.line_id = judged.id and judged.id = any(%(verified)s::uuid[])
),

kept as (
    insert into operations_approval_retry (document_id, document_kind, company_code, code, attempts)
    select id, document_kind, company_code, code, 1
    from judged
    where code <> ''
    on conflict (document_id) do update
        set code = excluded.code,
            attempts = operations_approval_retry.attempts + 1,
            last_tried_at = excluded.last_tried_at
),

released as (
    delete from operations_approval_retry as retry
    using judged
    where retry.document_id = judged.id and judged.code = '' and judged.code_before <> ''
),

processed as (
    update operations_intake
    set processed_at = now()
    where id = %(intake_id)s
)

select
    count(*) as judged,
    count(*) filter (where code = '' and not already and not awaits) as approved,
    count(*) filter (where awaits) as awaiting,
    count(*) filter (where already) as already_approved,
    count(*) filter (where code <> '') as refused,
    coalesce(sum(accounting_amount) filter (where code = '' and not already and not awaits), 0) as amount_approved,
    coalesce(sum(accounting_amount) filter (where awaits), 0) as amount_awaiting,
    coalesce(sum(accounting_amount) filter (where code <> ''), 0) as amount_refused,
    (select id from judged order by id desc limit 1) as last_id,
    coalesce(array_agg(id) filter (where code = '' and code_before <> ''), '{}') as mended,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code,
                'company_code', company_code,
                'record_kind', document_kind,
                'record_id', id,
                'record_name', voucher || '/' || line_number,
                'details', jsonb_build_object(
                    'record', voucher || '/' || line_number,
                    'line', voucher || '/' || line_number,
                    'company', company_code,
                    'project', coalesce(project_number, project_id::text),
                    'project_company', project_company,
                    'stage', stage,
                    'event', 'approved',
                    'contract_type', situation,
                    'category', coalesce(category_code, category_id::text),
                    'currency', case
                        when makes_sales and sales_digits is null then sales_currency
                        when is_lent and unit_digits is null then unit_currency
                        else currency_code
                    end,
                    'from_currency', currency_code,
                    'to_currency', case
                        when makes_sales and list_price is null and sales_rate is null then sales_currency else unit_currency
                    end,
                    'rate_date', transaction_date
                )
            )
        ) filter (where code <> ''),
        '[]'
    )::text as problems
from judged
