-- question:   Take the approval of these entries back: which pass? Each of their live actuals is reversed, once
--             (operations spec 2.1, E9, E10; appendix A). A cancelled approval leaves the entry submitted with the same
--             journal lines; a granted recall returns it; re-evaluation leaves it to be submitted anew.
-- grain:      one row in all: how many were taken back, and the problem of each that was refused
-- parameters: entry_ids, company, event, actor, comment, every_project
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_approval_of_entry,
--             operations_actual_source, operations_actual_reversal, operations_actual_status_of,
--             operations_transaction_origin_pkey, operations_project_approver_key
with judged as materialized (
    select
        entry.id, entry.transaction_class, entry.external_id, entry.project_id, entry.minutes, open.place, approval.submission_id, approval.lines_id, approval.submitted_by,
        coalesce(open.status, 'approved') as status,
        case when %(event)s = 'approval_cancelled' then tieout_id() end as next_submission_id,
        case
            when %(event)s = 'recall_approved' and open.status is distinct from 'recall_requested' then 'APR-110'
            when %(event)s <> 'recall_approved' and open.status is not null then 'APR-111'
            when %(event)s in ('recall_approved', 'approval_cancelled') and approval.submitted_by = %(actor)s
                then 'ACCESS-103'
            when %(event)s in ('recall_approved', 'approval_cancelled')
                and not %(every_project)s
                and operations_others_approve(entry.project_id, %(actor)s) then 'ACCESS-113'
            else operations_not_reversible(entry.id)
        end as code
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    left join lateral operations_approved_submission(entry.id) as approval on true
    where entry.company_code = %(company)s
),

passed as not materialized (
    select * from judged where code = ''
),

pair as materialized (
    select actual.original, actual.id, actual.transaction_type, actual.skip_sync, actual.company_code,
        tieout_id() as reversal_id, tieout_id() as connection_id
    from passed
    cross join lateral (
        select live as original, live.* from operations_live_actuals(passed.id) as live offset 0
    ) as actual
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

resubmitted as (
    insert into operations_entry_submission (id, entry_id, lines_id, submitted_by)
    select next_submission_id, id, lines_id, submitted_by
    from passed
    where next_submission_id is not null
),

opened as (
    insert into operations_open_entry (
        entry_id, transaction_class, company_code, status, minutes, submission_id, lines_id, submitted_by
    )
    select
        id, transaction_class, %(company)s, case when next_submission_id is null then 'returned' else 'submitted' end, minutes,
        next_submission_id, case when next_submission_id is not null then lines_id end, submitted_by
    from passed
    where status = 'approved'
),

returned as (
    update operations_open_entry as open
    set status = 'returned', submission_id = null, lines_id = null, submitted_by = null, since = now()
    from passed
    where open.ctid = passed.place and passed.status = 'recall_requested'
),

noted as (
    insert into operations_entry_event (entry_id, submission_id, event, comment, done_by)
    select id, submission_id, %(event)s, %(comment)s, %(actor)s
    from passed
)

select
    count(*) filter (where code = '') as done,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', code, 'company_code', %(company)s::text, 'record_kind', operations_entry_kind(transaction_class),
                'record_id', id, 'record_name', external_id,
                'details', jsonb_build_object(
                    'record', external_id, 'actor', %(actor)s::text, 'status', status,
                    'project', (select project.number from operations_project as project where project.id = judged.project_id)
                )
            )
        ) filter (where code <> ''),
        '[]'
    )::text as refused
from judged
