-- question:   Queue this action on these entries: one set per project, in the order of the projects' numbers. An entry
--             that waits in another set is refused.
-- grain:      one row in all: the sets, and the problem of each entry that was refused. The three arrays are of one
--             length; billable and billing type are null where nothing is changed.
-- parameters: company, action, target_status, approver, comment, lifetime, entry_ids, billable, billing_types
-- index:      operations_entry_pkey, operations_approval_set_member_in_flight
with judged as materialized (
    select
        entry.id, entry.external_id, entry.transaction_class, entry.project_id, asked.billable, asked.billing_type,
        held.approval_set_id as held_by
    from unnest(
        %(entry_ids)s::uuid[], %(billable)s::numeric[], %(billing_types)s::text[]
    ) as asked (id, billable, billing_type)
    cross join lateral (
        -- The offsets keep these look-ups by key.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral (
        select * from operations_approval_set_member as member
        where member.entry_id = entry.id and member.in_flight
        offset 0
    ) as held on true
    where entry.company_code = %(company)s
),

wanted as materialized (
    select judged.project_id, project.number, count(*) as entries
    from judged
    left join operations_project as project on project.id = judged.project_id
    where judged.held_by is null
    group by judged.project_id, project.number
),

queued as (
    insert into operations_approval_set (
        company_code, project_id, action, target_status, status, in_flight, attempt, attempts_left, entries, done,
        comment, requested_by, approver
    )
    select
        %(company)s, project_id, %(action)s, %(target_status)s, 'queued', true, 0, %(lifetime)s, entries, 0, %(comment)s,
        %(approver)s, %(approver)s
    from wanted
    order by number nulls last
    returning id, project_id, entries
),

filled as (
    insert into operations_approval_set_member (
        approval_set_id, entry_id, in_flight, attempt, billable, billing_type
    )
    select queued.id, judged.id, true, 0, judged.billable, judged.billing_type
    from judged
    inner join queued on queued.project_id is not distinct from judged.project_id
    where judged.held_by is null
)

select
    (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object('number', queued.id, 'project', wanted.number, 'entries', queued.entries)
                    order by queued.id
                ),
                '[]'
            )::text
        from queued
        inner join wanted on wanted.project_id is not distinct from queued.project_id
    ) as sets,
    coalesce(
        jsonb_agg(
            jsonb_build_object(
                'code', 'APR-141', 'company_code', %(company)s::text,
                'record_kind', operations_entry_kind(transaction_class), 'record_id', id, 'record_name', external_id,
                'details', jsonb_build_object('record', external_id, 'set', held_by)
            )
            order by id
        ) filter (where held_by is not null),
        '[]'
    )::text as refused
from judged
