-- question:   Approve these time entries: which pass, and which are refused with which code?
-- grain:      one row in all: how many passed, how many were refused with which code, and the entries whose
--             project wants lines that they lack (unpriced)
-- parameters: entry_ids, company, approver
-- index:      operations_time_entry_pkey, operations_entry_submission_pkey, operations_approval_pkey,
--             operations_entry_journal_line_key, problem_log_record
with decision as materialized (
    select
        units, contract,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(actual::text) filter (where actual not in ('none', 'not_applicable')) as wanted
    from operations_decision
    where event = 'approved'
    group by units, contract
),

judged as materialized (
    select
        entry.id, entry.external_id, entry.role_id, entry.resource_id, entry.project_id, entry.date,
        entry.minutes, entry.description,
        project.number as project_number, project.stage, project.company_code as project_company,
        project.unit_id as contracting_unit_id, resource.unit_id as resourcing_unit_id,
        contract_line.id as contract_line_id, contract_line.contract_id,
        decision.contract as situation, decision.wanted,
        exists (
            select from problem_log as met where met.record_id = entry.id and met.process = 'approve'
        ) as had_problem,
        case
            when done.approved then 'approved'
            when done.submitted_by is null then 'APR-101'
            when done.submitted_by = %(approver)s then 'ACCESS-103'
            when entry.company_code <> project.company_code or resource.company_code <> project.company_code
                then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when not decision.wanted <@ had.types then 'unpriced'
            else ''
        end as code,
        case when 'cost' = any(decision.wanted) then tieout_id() end as cost_id,
        case when 'unbilled_sales' = any(decision.wanted) then tieout_id() end as sales_id,
        case when 'resourcing_unit_cost' = any(decision.wanted) then tieout_id() end as own_cost_id,
        case when 'interorganizational_sales' = any(decision.wanted) then tieout_id() end as own_sales_id,
        case when 'unbilled_sales' = any(decision.wanted) then tieout_id() end as connection_id
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_time_entry as found where found.id = asked.id offset 0
    ) as entry
    cross join lateral (
        select
            (select true from operations_approval as a where a.document_id = entry.id) is true as approved,
            (select s.submitted_by from operations_entry_submission as s where s.entry_id = entry.id) as submitted_by
        offset 0
    ) as done
    cross join lateral (
        select coalesce(array_agg(line.transaction_type::text), '{}') as types
        from operations_entry_journal_line as line
        where line.entry_id = entry.id
    ) as had
    inner join operations_project as project on project.id = entry.project_id
    inner join operations_resource as resource on resource.id = entry.resource_id
    left join operations_contract_line as contract_line
        on contract_line.id = project.contract_line_id and project.stage = 'sold'
    left join decision
        on decision.contract = operations_situation(project.stage, contract_line.billing_method)
        and decision.units = case when resource.unit_id = project.unit_id then 'same' else 'different' end
    where entry.company_code = %(company)s
),

passed as not materialized (
    select * from judged where code = ''
),

-- The journal lines that become actuals, copied field by field (operations spec 2.0.1).
line as materialized (
    select
        passed.*,
        priced.id as line_id, priced.transaction_type, priced.billing_type, priced.quantity, priced.price,
        priced.amount, priced.currency_code, priced.price_reason,
        case priced.transaction_type
            when 'cost' then cost_id
            when 'unbilled_sales' then sales_id
            when 'resourcing_unit_cost' then own_cost_id
            when 'interorganizational_sales' then own_sales_id
        end as actual_id,
        -- Rows between two units of one company stay in operations (DESIGN section 5).
        priced.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales') as skip_sync
    from passed
    cross join lateral (
        select *
        from operations_entry_journal_line as of_entry
        where of_entry.entry_id = passed.id and of_entry.transaction_type = any(passed.wanted)
        offset 0
    ) as priced
),

approved as (
    insert into operations_approval (document_id, document_kind, approved_by)
    select id, 'time_entry', %(approver)s
    from passed
),

recorded as (
    insert into operations_actual (
        id, transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount, currency_code,
        transaction_date, accounting_date, company_code, project_id, contract_id, contract_line_id, role_id,
        resource_id, contracting_unit_id, resourcing_unit_id, source_kind, source_id, price_reason, description,
        skip_sync
    )
    select
        actual_id, transaction_type, 'time', billing_type, quantity, price, amount, 0, currency_code,
        date, date, %(company)s, project_id, contract_id, contract_line_id, role_id,
        resource_id, contracting_unit_id, resourcing_unit_id, 'time_entry', id, price_reason, description,
        skip_sync
    from line
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select
        connection_id, sales_id, 'actual', 'unbilled_sales', cost_id, 'actual', 'cost', %(company)s
    from passed
    where sales_id is not null and cost_id is not null
    union all
    -- The lending unit's sale and what it cost there; the names of these roles are not documented.
    select
        tieout_id(), own_sales_id, 'actual', 'interorganizational_sales',
        own_cost_id, 'actual', 'resourcing_unit_cost', %(company)s
    from passed
    where own_sales_id is not null and own_cost_id is not null
),

traced as (
    -- All ancestors: the journal line and the entry (operations spec appendix B).
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select line.actual_id, origin.id, origin.kind
    from line
    cross join lateral (values (line_id, 'journal_line'), (line.id, 'time_entry')) as origin (id, kind)
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', actual_id
    from line
    where not skip_sync and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_transactionconnections', connection_id
    from passed
    where sales_id is not null and cost_id is not null and outbox_captures('msdyn_transactionconnections')
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
                    'contract_type', situation
                )
            )
        ) filter (where code not in ('', 'approved', 'unpriced')),
        '[]'
    )::text as problems
from judged
