-- question:   Reverse what this lost contract has not billed of a project: of which records (operations spec 2.1, E24)? Their
--             cost stays. What is on an invoice, also a draft, stays; what a correction holds is refused.
-- grain:      one row in all: the last record that was tried (null: none was left), how many were reversed, those of them
--             that were refused before (mended), and the problem of each that is refused now
-- parameters: project_id, contract_id, after, row_limit, event, actor, comment
-- index:      operations_actual_of_project, operations_actual_reversal, operations_actual_status_of,
--             operations_entry_pkey, operations_journal_line_pkey, operations_approval_of_entry,
--             operations_transaction_origin_pkey, problem_log_record
with unbilled as materialized (
    select unbilled.id, unbilled.source_id
    from operations_unbilled_sales(%(project_id)s, %(contract_id)s) as unbilled
    where unbilled.source_id > %(after)s
),

page as materialized (
    select source_id from unbilled group by source_id order by source_id limit %(row_limit)s
),

-- The states of this page alone.
open as materialized (
    select unbilled.id, unbilled.source_id, state.adjustment_status
    from page
    inner join unbilled on unbilled.source_id = page.source_id
    inner join operations_actual_state as state on state.actual_id = unbilled.id
    where state.billing_status not in ('customer_invoice_created', 'customer_invoice_posted')
),

judged as materialized (
    select
        source.source_id, actual.company_code, actual.source_kind, entry.id as entry_id,
        coalesce(entry.external_id, journal.number || '/' || line.line_number, source.source_id::text) as name,
        case when source.is_live then '' else 'APR-113' end as code,
        exists (
            select from problem_log as met
            where met.record_id = source.source_id and met.process = 'approve' and met.code = 'APR-113'
        ) as had_problem
    from (
        select open.source_id, bool_and(open.adjustment_status = 'live') as is_live, min(open.id::text)::uuid as actual_id
        from open
        group by open.source_id
    ) as source
    -- The offsets keep these look-ups by key.
    cross join lateral (select * from operations_actual as one where one.id = source.actual_id offset 0) as actual
    left join lateral (select * from operations_entry as one where one.id = source.source_id offset 0) as entry on true
    left join lateral (
        select * from operations_journal_line as one where one.id = source.source_id and one.step = 'entry' offset 0
    ) as line on true
    left join operations_journal as journal on journal.id = line.journal_id
),

pair as materialized (
    select
        actual.original, actual.id, actual.transaction_type, actual.skip_sync, actual.company_code,
        tieout_id() as reversal_id, tieout_id() as connection_id
    from judged
    inner join open on open.source_id = judged.source_id
    cross join lateral (
        select one as original, one.* from operations_actual as one where one.id = open.id offset 0
    ) as actual
    where judged.code = ''
),

recorded as (
    insert into operations_actual
    select reversal.*
    from pair
    cross join lateral operations_reversal(pair.original, pair.reversal_id) as reversal
),

adjusted as (
    insert into operations_actual_status (actual_id, machine, status, set_by)
    select case when said.is_reversal then reversal_id else id end, said.machine, said.status, %(actor)s
    from pair
    cross join lateral operations_reversal_statuses(%(event)s, transaction_type) as said
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select connection_id, reversal_id, 'actual', 'reversing', id, 'actual', 'original', company_code
    from pair
),

traced as (
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select pair.reversal_id, origin.origin_id, origin.origin_type
    from pair
    cross join lateral (
        select * from operations_transaction_origin as of_original where of_original.transaction_id = pair.id offset 0
    ) as origin
),

stated as (
    insert into outbox_entry (map, key)
    select 'msdyn_actuals', reversal_id
    from pair
    where not skip_sync and outbox_captures('msdyn_actuals')
    union all
    select 'msdyn_transactionconnections', connection_id
    from pair
    where not skip_sync and outbox_captures('msdyn_transactionconnections')
),

noted as (
    insert into operations_entry_event (entry_id, submission_id, event, comment, done_by)
    select judged.entry_id, approval.submission_id, %(event)s, %(comment)s, %(actor)s
    from judged
    cross join lateral operations_approved_submission(judged.entry_id) as approval
    where judged.code = '' and judged.entry_id is not null
)

select
    (select source_id from page order by source_id desc limit 1) as last,
    count(*) filter (where code = '') as done,
    coalesce(array_agg(source_id) filter (where code = '' and had_problem), '{}') as mended,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code, 'company_code', company_code, 'record_kind', source_kind, 'record_id', source_id,
                'record_name', name, 'details', jsonb_build_object('record', name)
            )
            order by source_id
        ) filter (where code <> ''),
        '[]'
    )::text as refused
from judged
