-- question:   Approve these time entries: which pass, and which are refused with which code? An approver may change
--             the billable minutes and the billing type of an entry, which touches its unbilled sales only.
-- grain:      one row in all: how many passed, how many were refused with which code, and the entries whose
--             project wants lines that they lack (unpriced). The first three parameters are arrays of one length, null
--             where nothing is changed.
-- parameters: entry_ids, billable_minutes, billing_types, company, approver
-- index:      operations_time_entry_pkey, operations_open_entry_pkey, operations_entry_journal_line_key,
--             problem_log_record
with decision as materialized (
    select
        units, event, contract,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(actual::text) filter (where actual not in ('none', 'not_applicable')) as wanted
    from operations_decision
    where event in ('approved', 'approved_decreased')
    group by units, event, contract
),

taken as materialized (
    select
        entry.id, entry.external_id, entry.role_id, entry.resource_id, entry.project_id, entry.task_id, entry.date,
        entry.minutes, entry.description, entry.custom,
        asked.billable_minutes, asked.billing_type as asked_billing_type,
        open.place, open.status, open.submission_id, open.lines_id, open.submitted_by,
        project.number as project_number, project.stage, project.company_code as project_company,
        project.unit_id as contracting_unit_id, resource.unit_id as resourcing_unit_id,
        case when resource.unit_id = project.unit_id then 'same' else 'different' end as units,
        case when asked.billable_minutes < entry.minutes then 'approved_decreased' else 'approved' end as event,
        entry.company_code <> project.company_code or resource.company_code <> project.company_code as is_foreign
    from unnest(
        %(entry_ids)s::uuid[], %(billable_minutes)s::integer[], %(billing_types)s::text[]
    ) as asked (id, billable_minutes, billing_type)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_time_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    inner join operations_project as project on project.id = entry.project_id
    inner join operations_resource as resource on resource.id = entry.resource_id
    where entry.company_code = %(company)s
),

-- Asked once for all entries that are alike: which contract line takes them (operations spec 2.0.4, 4.9).
billing as materialized (
    select alike.*, found.contract_line_id, found.contract_id, found.situation
    from (select distinct project_id, task_id, role_id from taken) as alike
    cross join lateral operations_billing(alike.project_id, alike.task_id, 'time', alike.role_id, null) as found
),

judged as materialized (
    select
        taken.*, billing.contract_line_id, billing.contract_id, decision.contract as situation, decision.wanted,
        coalesce(taken.billable_minutes, taken.minutes) as billable,
        exists (
            select from problem_log as met where met.record_id = taken.id and met.process = 'approve'
        ) as had_problem,
        case
            when taken.status is null or taken.status = 'recall_requested' then 'approved'
            when taken.status in ('draft', 'returned') then 'APR-101'
            when taken.submitted_by = %(approver)s then 'ACCESS-103'
            when taken.is_foreign then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when taken.billable_minutes not between 0 and 1440 then 'APR-108'
            when not decision.wanted <@ had.types then 'unpriced'
            else ''
        end as code,
        case when 'cost' = any(decision.wanted) then tieout_id() end as cost_id,
        case when 'resourcing_unit_cost' = any(decision.wanted) then tieout_id() end as own_cost_id
    from taken
    inner join billing
        on billing.project_id = taken.project_id
        and billing.role_id = taken.role_id
        and billing.task_id is not distinct from taken.task_id
    left join decision
        on decision.contract = billing.situation
        and decision.units = taken.units
        and decision.event = taken.event
    cross join lateral (
        select coalesce(array_agg(line.transaction_type::text), '{}') as types
        from operations_entry_journal_line as line
        where line.submission_id = taken.lines_id
    ) as had
),

passed as not materialized (
    select * from judged where code = ''
),

-- The journal lines that become actuals (operations spec 2.0.1), in the parts that the decision table says: the
-- billable minutes are sold as the line or the approver says, the difference is not chargeable. Cost is as
-- submitted (spec 2.0.8). A part of no minutes is not written (DESIGN section 5).
part as materialized (
    select
        passed.*,
        priced.id as line_id, priced.transaction_type, priced.price, priced.currency_code, priced.price_reason,
        priced.price_trace_id,
        part.minutes as part_minutes,
        case
            when part.minutes = passed.minutes then priced.quantity else round(part.minutes / 60.0, 16)
        end as quantity,
        case
            when part.minutes = passed.minutes then priced.amount
            -- As at submission: exact for any price of 16 decimals.
            else round(part.minutes * priced.price * 1.0000 / 60, currency.digits)
        end as amount,
        case
            when decision.actual = 'unbilled_sales' and decision.quantity = 'difference' then decision.billing
            when decision.actual = 'unbilled_sales' then coalesce(passed.asked_billing_type, priced.billing_type)
            else priced.billing_type
        end as billing_type,
        case decision.actual
            when 'cost' then passed.cost_id
            when 'resourcing_unit_cost' then passed.own_cost_id
            else tieout_id()
        end as actual_id,
        case when decision.actual in ('unbilled_sales', 'interorganizational_sales') then tieout_id() end as connection_id,
        case decision.actual
            when 'unbilled_sales' then passed.cost_id
            when 'interorganizational_sales' then passed.own_cost_id
        end as base_id,
        -- Rows between two units of one company stay in operations (DESIGN section 5).
        decision.actual in ('resourcing_unit_cost', 'interorganizational_sales') as skip_sync
    from passed
    inner join operations_decision as decision
        on decision.units = passed.units and decision.event = passed.event and decision.contract = passed.situation
    cross join lateral (
        select *
        from operations_entry_journal_line as of_entry
        where of_entry.submission_id = passed.lines_id and of_entry.transaction_type = decision.actual
        offset 0
    ) as priced
    left join operations_currency as currency on currency.code = priced.currency_code
    cross join lateral (
        select
            case
                when decision.actual <> 'unbilled_sales' then passed.minutes
                when decision.quantity = 'difference' then passed.minutes - passed.billable
                else passed.billable
            end as minutes
    ) as part
    where part.minutes <> 0
),

approved as (
    insert into operations_approval (id, document_id, document_kind, billable_minutes, billing_type, approved_by)
    select submission_id, id, 'time_entry', billable_minutes, asked_billing_type, %(approver)s
    from passed
),

closed as (
    delete from operations_open_entry as open
    using passed
    where open.ctid = passed.place
),

recorded as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount, currency_code,
        transaction_date, accounting_date, company_code, project_id, contract_id, contract_line_id, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, source_kind, source_id, price_reason, price_trace_id,
        custom, description, skip_sync
    )
    select
        actual_id, transaction_type, 'time', billing_type, quantity, price, amount, 0, currency_code,
        date, date, %(company)s, project_id, contract_id, contract_line_id, role_id, task_id,
        resource_id, contracting_unit_id, resourcing_unit_id, 'time_entry', id, price_reason, price_trace_id,
        custom, description, skip_sync
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
        case transaction_type when 'unbilled_sales' then 'cost' else 'resourcing_unit_cost' end, %(company)s
    from part
    where base_id is not null
),

traced as (
    -- All ancestors: the journal line and the entry (operations spec appendix B).
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select part.actual_id, origin.id, origin.kind
    from part
    cross join lateral (values (line_id, 'journal_line'), (part.id, 'time_entry')) as origin (id, kind)
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
                'code', code, 'company_code', %(company)s::text, 'record_kind', 'time_entry',
                'record_id', id, 'record_name', external_id,
                'details', jsonb_build_object(
                    'record', external_id, 'actor', %(approver)s::text, 'status', 'draft',
                    'company', %(company)s::text, 'project', project_number,
                    'project_company', project_company, 'stage', stage, 'event', 'approved',
                    'contract_type', situation, 'minutes', billable_minutes
                )
            )
        ) filter (where code not in ('', 'approved', 'unpriced')),
        '[]'
    )::text as problems
from judged
