-- question:   Ask these approved entries back (recall requested), or answer such a request with no? Nothing happens
--             to their actuals (operations spec 2.1, E11; 5.3: the guards are asked now and again at the answer).
-- grain:      one row in all: how many were asked back or stay approved, and the problem of each
--             that was refused
-- parameters: entry_ids, company, event, actor, comment, every_project
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_approval_of_entry,
--             operations_actual_source, operations_actual_status_of, operations_project_approver_key
with judged as materialized (
    select
        entry.id, entry.transaction_class, entry.external_id, entry.project_id, entry.minutes, open.place, coalesce(open.status, 'approved') as status, approval.submission_id, approval.lines_id, approval.submitted_by,
        case
            when %(event)s = 'recall_rejected' and open.status is distinct from 'recall_requested' then 'APR-110'
            when %(event)s = 'recall_rejected'
                and not %(every_project)s
                and operations_others_approve(entry.project_id, %(actor)s) then 'ACCESS-113'
            when %(event)s = 'recall_rejected' then ''
            when open.status is not null then 'APR-111'
            when approval.submitted_by <> %(actor)s then 'ACCESS-109'
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

opened as (
    insert into operations_open_entry (
        entry_id, transaction_class, company_code, status, minutes, submission_id, lines_id, submitted_by
    )
    select id, transaction_class, %(company)s, 'recall_requested', minutes, submission_id, lines_id, submitted_by
    from judged
    where code = '' and %(event)s = 'recall_requested'
),

closed as (
    delete from operations_open_entry as open
    using judged
    where open.ctid = judged.place and judged.code = '' and %(event)s = 'recall_rejected'
),

noted as (
    insert into operations_entry_event (entry_id, submission_id, event, comment, done_by)
    select id, submission_id, %(event)s, %(comment)s, %(actor)s
    from judged
    where code = ''
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
