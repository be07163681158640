-- question:   What did the attempts of this set refuse, the latest first?
-- grain:      one row per refusal, at most row_limit before a given one
-- parameters: company, number, before, row_limit
-- index:      operations_approval_set_log_of, operations_entry_pkey, operations_approval_set_member_key
select
    logged.id, logged.attempt, logged.entry_id, entry.external_id, entry.transaction_class, logged.code,
    logged.details::text as details, logged.approver, logged.logged_at,
    exists (
        select from operations_approval_set_member as member
        where member.approval_set_id = logged.approval_set_id and member.entry_id = logged.entry_id
    ) as is_left
from operations_approval_set_log as logged
inner join operations_approval_set as approval_set on approval_set.id = logged.approval_set_id
inner join operations_entry as entry on entry.id = logged.entry_id
where logged.approval_set_id = %(number)s
    and approval_set.company_code = %(company)s
    and (%(before)s::bigint is null or logged.id < %(before)s)
order by logged.id desc
limit %(row_limit)s
