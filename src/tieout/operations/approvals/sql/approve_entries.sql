-- question:   Approve these entries: which pass, and which are refused with which code? An approver may change the
--             billable quantity and the billing type of an entry, which touches its unbilled sales only.
-- grain:      one row in all: how many passed, how many were refused with which code, and the entries whose
--             project wants lines that they lack, or is billed by another contract line than when they were submitted
--             (unpriced). The first three parameters are arrays, by entry; null, or beyond an array's end, changes nothing.
--             billable is in minutes of time, else in the entry's unit.
-- parameters: entry_ids, billable, billing_types, company, approver, every_project
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_entry_journal_line_key,
--             problem_log_record, operations_project_approver_key
with made as materialized (
    select * from operations_entry_decision
),

decision as materialized (
    select
        relation, event, contract, transaction_class,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(distinct actual) filter (where actual not in ('none', 'not_applicable')) as wanted
    from made
    group by relation, event, contract, transaction_class
),

-- What is kept between the steps is named, and what most of them read stands first: a row is written and taken apart as
-- far as its last column that is asked for.
taken as materialized (
    select
        entry.id, entry.transaction_class, entry.company_code, entry.project_id, entry.task_id, entry.role_id,
        entry.category_id, entry.resource_id, entry.product_id, entry.product_name, entry.subcontract_id, entry.date,
        entry.minutes, entry.unit, entry.external_id, entry.description, entry.external_description, entry.custom,
        case entry.transaction_class when 'time' then 60 else 1 end as per,
        coalesce(entry.minutes, entry.quantity) as count,
        asked.billable, asked.billing_type as asked_billing_type,
        open.place, open.status, open.submission_id, open.lines_id, open.submitted_by,
        project.number as project_number, project.stage, project.company_code as project_company,
        project.unit_id as contracting_unit_id, coalesce(resource.unit_id, project.unit_id) as resourcing_unit_id,
        resource.company_code as resourcing_company, manager.user_name as manager,
        operations_relation(
            resource.unit_id, project.unit_id, resource.company_code, project.company_code,
            parameters.interorganizational
        ) as relation,
        case
            when abs(asked.billable) < abs(coalesce(entry.minutes, entry.quantity)) then 'approved_decreased'
            else 'approved'
        end as event
    from unnest(
        %(entry_ids)s::uuid[], %(billable)s::numeric[], %(billing_types)s::text[]
    ) as asked (id, billable, billing_type)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    left join operations_project as project on project.id = entry.project_id
    left join operations_resource as resource on resource.id = entry.resource_id
    left join operations_resource as manager on manager.id = resource.manager_id
    left join operations_project_parameters as parameters on parameters.company_code = entry.company_code
    where entry.company_code = %(company)s
),

-- Asked once for all entries that are alike: which contract line takes them (operations spec 2.0.4, 4.9), and on which
-- terms it bills.
billing as materialized (
    select
        alike.*, found.contract_line_id, found.contract_id, found.situation,
        terms.customer_id, terms.customers, terms.discount_percent, terms.fee_percent
    from (select distinct project_id, task_id, transaction_class, role_id, category_id from taken) as alike
    cross join lateral operations_billing(
        alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
    ) as found
    left join lateral operations_line_terms(found.contract_line_id) as terms on true
),

-- Projects that others approve (operations spec 7), asked once for each.
barred as materialized (
    select asked.project_id
    from (select distinct project_id from taken where not %(every_project)s) as asked
    where operations_others_approve(asked.project_id, %(approver)s)
),

judged as materialized (
    select
        case
            when taken.status is null or taken.status = 'recall_requested' then 'approved'
            when taken.status in ('draft', 'returned') then 'APR-101'
            when taken.submitted_by = %(approver)s then 'ACCESS-103'
            when taken.project_id in (select barred.project_id from barred) then 'ACCESS-113'
            -- No work: the line manager approves it, where the resource has one (operations spec 5.3).
            when taken.project_id is null and coalesce(taken.manager, '') not in ('', %(approver)s) then 'ACCESS-110'
            when taken.project_id is null then ''
            when taken.company_code <> taken.project_company then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when taken.billable * taken.count < 0 or (taken.per = 60 and taken.billable > 1440) then 'APR-108'
            when had.is_stale or had.wanted < cardinality(decision.wanted) then 'unpriced'
            else ''
        end as code,
        taken.id, taken.transaction_class, taken.submission_id, taken.place, taken.minutes, taken.billable,
        taken.asked_billing_type,
        exists (
            select from problem_log as met where met.record_id = taken.id and met.process = 'approve'
        ) as had_problem,
        taken.relation, taken.event, decision.contract as situation, taken.lines_id, taken.company_code,
        taken.resourcing_company,
        case when 'cost' = any(decision.wanted) then tieout_id() end as cost_id,
        case when 'resourcing_unit_cost' = any(decision.wanted) then tieout_id() end as own_cost_id,
        taken.per, taken.count, coalesce(taken.billable, taken.count) as sold,
        billing.customers, billing.customer_id, billing.discount_percent, billing.fee_percent,
        billing.contract_id, billing.contract_line_id,
        taken.project_id, taken.task_id, taken.role_id, taken.category_id, taken.resource_id, taken.product_id,
        taken.product_name, taken.subcontract_id, taken.date, taken.unit, taken.contracting_unit_id,
        taken.resourcing_unit_id, taken.description, taken.external_description, taken.custom,
        taken.external_id, taken.project_number, taken.project_company, taken.stage, taken.manager
    from taken
    left join billing
        on billing.project_id = taken.project_id
        and billing.transaction_class = taken.transaction_class
        and billing.task_id is not distinct from taken.task_id
        and billing.role_id is not distinct from taken.role_id
        and billing.category_id is not distinct from taken.category_id
    left join decision
        on decision.contract = billing.situation
        and decision.relation = taken.relation
        and decision.transaction_class = taken.transaction_class
        and decision.event = taken.event
    cross join lateral (
        select
            count(*) filter (where line.transaction_type = any(decision.wanted)) as wanted,
            coalesce(
                bool_or(line.contract_line_id is distinct from billing.contract_line_id)
                    filter (where line.transaction_type = 'unbilled_sales'),
                false
            ) as is_stale
        from operations_entry_journal_line as line
        where line.submission_id = taken.lines_id
    ) as had
),

passed as not materialized (
    select * from judged where code = ''
),

-- The journal lines that become actuals (operations spec 2.0.1), in the parts that the decision table says: the
-- billable quantity is sold as the line or the approver says, the difference is not chargeable, and each customer of
-- the contract line bears its share (spec 4.10). Cost is as submitted (spec 2.0.8). A part of no quantity is not
-- written (DESIGN section 5); a cost is no part: that of nothing used is 0.00, and finance is told so.
part as materialized (
    select
        decision.skip_sync,
        case decision.actual
            when 'cost' then passed.cost_id
            when 'resourcing_unit_cost' then passed.own_cost_id
            else tieout_id()
        end as actual_id,
        case decision.actual
            when 'unbilled_sales' then passed.cost_id
            when 'interorganizational_sales' then passed.own_cost_id
        end as base_id,
        case when decision.actual in ('unbilled_sales', 'interorganizational_sales') then tieout_id() end as connection_id,
        priced.id as line_id, passed.id, passed.transaction_class, priced.transaction_type,
        case when decision.is_lenders then passed.resourcing_company else passed.company_code end as books,
        worth.billing_type, round(share.count * 1.0 / passed.per, 16) as part_quantity, passed.per, passed.unit,
        priced.price as unit_price, worth.amount, coalesce(extended.discount, 0) as discount_amount,
        coalesce(extended.fee, 0) as fee_amount,
        case
            when priced.tax_amount = 0 or decision.actual <> 'unbilled_sales' then priced.tax_amount
            else operations_sold_tax(
                priced.tax_amount, currency.digits, worth.billing_type, passed.count, passed.sold, passed.customers,
                share.line_customer_id, passed.per
            )
        end as part_tax,
        priced.currency_code as currency, passed.date, passed.project_id, passed.contract_id, passed.contract_line_id,
        share.line_customer_id, share.customer_id as sold_to, passed.category_id, passed.product_id,
        passed.product_name, passed.role_id, passed.task_id, passed.subcontract_id, passed.resource_id,
        passed.contracting_unit_id, passed.resourcing_unit_id, priced.price_reason, priced.price_trace_id,
        passed.custom, passed.description, passed.external_description
    from passed
    inner join made as decision
        on decision.relation = passed.relation
        and decision.event = passed.event
        and decision.contract = passed.situation
        and decision.transaction_class = passed.transaction_class
    cross join lateral (
        select *
        from operations_entry_journal_line as of_entry
        where of_entry.submission_id = passed.lines_id and of_entry.transaction_type = decision.actual
        offset 0
    ) as priced
    left join operations_currency as currency on currency.code = priced.currency_code
    cross join lateral (
        select null::uuid as line_customer_id, null::uuid as customer_id, passed.count
        where decision.actual <> 'unbilled_sales'
        union all
        select sold.*
        from operations_shares(
            passed.customers, passed.customer_id,
            case decision.quantity when 'difference' then passed.count - passed.sold else passed.sold end, passed.per
        ) as sold
        where decision.actual = 'unbilled_sales'
    ) as share
    cross join lateral (
        select
            operations_worth(share.count, passed.per, priced.price, currency.digits) as amount,
            case
                when decision.actual = 'unbilled_sales' and decision.quantity = 'difference' then decision.billing
                when decision.actual = 'unbilled_sales' then coalesce(passed.asked_billing_type, priced.billing_type)
                else priced.billing_type
            end as billing_type
    ) as worth
    left join lateral operations_discount_and_fee(
        worth.amount, passed.discount_percent, passed.fee_percent, currency.digits
    ) as extended on decision.actual = 'unbilled_sales'
    where share.count <> 0 or decision.actual <> 'unbilled_sales'
),

approved as (
    insert into operations_approval (id, document_id, document_kind, billable, billing_type, approved_by)
    select
        submission_id, id, operations_entry_kind(transaction_class), billable, asked_billing_type, %(approver)s
    from passed
),

closed as (
    delete from operations_open_entry as open
    using passed
    where open.ctid = passed.place
),

recorded as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, unit, price, amount, discount_amount, fee_amount,
        tax_amount, currency_code, transaction_date, accounting_date, company_code, project_id, contract_id,
        contract_line_id, contract_line_customer_id, customer_id, category_id, product_id, product_name, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, subcontract_id, source_kind, source_id, price_reason,
        price_trace_id, custom, description, external_description, skip_sync
    )
    select
        actual_id, transaction_type, transaction_class, billing_type, part_quantity,
        case per when 60 then 'hour' else unit end, unit_price, amount,
        discount_amount, fee_amount, part_tax, currency, date, date, books, project_id, contract_id,
        contract_line_id, line_customer_id, sold_to, category_id, product_id, product_name, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, subcontract_id, operations_entry_kind(transaction_class), id,
        price_reason, price_trace_id, custom, description, external_description, skip_sync
    from part
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    -- Each sale and what it cost; between units, the lending unit's sale and what it cost there (the names of
    -- these roles are not documented).
    select
        connection_id, actual_id, 'actual', transaction_type, base_id, 'actual',
        case transaction_type when 'unbilled_sales' then 'cost' else 'resourcing_unit_cost' end, books
    from part
    where base_id is not null
),

traced as (
    -- All ancestors: the journal line and the entry (operations spec appendix B).
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select part.actual_id, origin.id, origin.kind
    from part
    cross join lateral (
        values (line_id, 'journal_line'), (part.id, operations_entry_kind(transaction_class))
    ) as origin (id, kind)
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', actual_id
    from part
    where not skip_sync and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_transactionconnections', connection_id
    from part
    where base_id is not null and not skip_sync and outbox_captures('msdyn_transactionconnections')
)

select
    (select coalesce(jsonb_object_agg(code, entries), '{}')::text from (
        select code, count(*) as entries from judged where code not in ('', 'approved', 'unpriced') group by code
    ) as refused) as refused,
    count(*) filter (where code = '') as approved,
    count(*) filter (where code = 'approved') as already_approved,
    coalesce(sum(minutes) filter (where code = ''), 0) as minutes,
    coalesce(array_agg(id) filter (where code = 'unpriced'), '{}') as unpriced,
    coalesce(array_agg(id) filter (where code = '' and had_problem), '{}') as mended,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code, 'company_code', %(company)s::text, 'record_kind', operations_entry_kind(transaction_class),
                'record_id', id, 'record_name', external_id,
                'details', jsonb_build_object(
                    'record', external_id, 'actor', %(approver)s::text, 'status', 'draft',
                    'company', %(company)s::text, 'project', project_number,
                    'project_company', project_company, 'stage', stage, 'event', 'approved',
                    'contract_type', situation, 'billable', billable, 'manager', manager
                )
            )
        ) filter (where code not in ('', 'approved', 'unpriced')),
        '[]'
    )::text as problems
from judged
