-- question:   Give these submitted entries back: rejected by an approver (they are returned), or recalled by who
--             submitted them (they are drafts again)? Their journal lines never become actuals (operations spec 2.1,
--             E3, E4).
-- grain:      one row in all: how many went back and which, and the problem of each that was refused
-- parameters: entry_ids, company, event, actor, comment, every_project
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_project_approver_key
with judged as materialized (
    select
        entry.id, entry.transaction_class, entry.external_id, entry.project_id, open.place, open.submission_id, coalesce(open.status, 'approved') as status,
        case
            when open.status is distinct from 'submitted' then 'APR-109'
            when %(event)s = 'rejected'
                and not %(every_project)s
                and operations_others_approve(entry.project_id, %(actor)s) then 'ACCESS-113'
            when %(event)s = 'recalled' and open.submitted_by <> %(actor)s then 'ACCESS-109'
            else ''
        end as code
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    where entry.company_code = %(company)s
),

moved as (
    update operations_open_entry as open
    set
        status = case %(event)s when 'rejected' then 'returned' else 'draft' end,
        submission_id = null,
        lines_id = null,
        submitted_by = null,
        since = now()
    from judged
    where open.ctid = judged.place and judged.code = ''
),

noted as (
    insert into operations_entry_event (entry_id, submission_id, event, comment, done_by)
    select id, submission_id, %(event)s, %(comment)s, %(actor)s
    from judged
    where code = ''
)

select
    count(*) filter (where code = '') as done,
    coalesce(array_agg(id) filter (where code = ''), '{}') as gone,
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
