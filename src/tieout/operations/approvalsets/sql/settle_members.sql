-- question:   Note what an attempt did with these entries: who is done leaves the set, who was refused stays with its
--             reason.
-- grain:      one row: how many are done
-- parameters: number, attempt, approver, entry_ids, refused
-- index:      operations_approval_set_member_key, operations_approval_set_pkey
with refused as materialized (
    select * from jsonb_to_recordset(%(refused)s::jsonb) as one (entry_id uuid, code text, details jsonb)
),

gone as (
    delete from operations_approval_set_member as member
    where member.approval_set_id = %(number)s
        and member.entry_id = any(%(entry_ids)s::uuid[])
        and not exists (select from refused where refused.entry_id = member.entry_id)
    returning member.entry_id
),

kept as (
    update operations_approval_set_member as member
    set attempt = %(attempt)s
    from refused
    where member.approval_set_id = %(number)s and member.entry_id = refused.entry_id
),

logged as (
    insert into operations_approval_set_log (approval_set_id, attempt, entry_id, code, details, approver)
    select %(number)s, %(attempt)s, entry_id, code, details, %(approver)s
    from refused
),

counted as (
    update operations_approval_set
    set done = done + (select count(*) from gone), changed_at = now()
    where id = %(number)s
)

select count(*) as done from gone
