-- question:   Which approval sets does this company have, with these statuses, the latest first?
-- grain:      one row per set, at most row_limit before a given one; number null: all, else that set only
-- parameters: company, statuses, number, before, row_limit
-- index:      operations_approval_set_of
select
    approval_set.id as number, project.number as project_number, project.name as project_name, approval_set.action,
    approval_set.target_status, approval_set.status, approval_set.in_flight, approval_set.attempt,
    approval_set.attempts_left, approval_set.entries, approval_set.done, approval_set.comment,
    approval_set.requested_by, approval_set.approver, approval_set.requested_at, approval_set.changed_at
from operations_approval_set as approval_set
left join operations_project as project on project.id = approval_set.project_id
where approval_set.company_code = %(company)s
    and approval_set.status = any(%(statuses)s::text[])
    and (%(number)s::bigint is null or approval_set.id = %(number)s)
    and (%(before)s::bigint is null or approval_set.id < %(before)s)
order by approval_set.id desc
limit %(row_limit)s
