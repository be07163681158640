-- question:   How did this attempt end? With lifetime left the set is tried again; without, its entries are free. What
--             an attempt that was broken off has not tried is logged when there will be no other.
-- grain:      one row: the status of the set
-- parameters: number
-- index:      operations_approval_set_pkey, operations_approval_set_member_key
with remaining as materialized (
    select member.entry_id, member.attempt
    from operations_approval_set_member as member
    where member.approval_set_id = %(number)s
),

ended as (
    update operations_approval_set
    set
        status = case
            when not exists (select from remaining) then 'completed'
            when done = 0 then 'failed'
            else 'partially_completed'
        end,
        in_flight = exists (select from remaining) and attempts_left > 0,
        changed_at = now()
    where id = %(number)s
    returning id, status, in_flight, attempt, approver
),

freed as (
    update operations_approval_set_member as member
    set in_flight = false
    from ended
    where member.approval_set_id = ended.id and not ended.in_flight
),

logged as (
    insert into operations_approval_set_log (approval_set_id, attempt, entry_id, code, details, approver)
    select
        ended.id, ended.attempt, entry.id, 'APR-142', jsonb_build_object('record', entry.external_id, 'set', ended.id),
        ended.approver
    from ended
    inner join remaining on not ended.in_flight and remaining.attempt < ended.attempt
    inner join operations_entry as entry on entry.id = remaining.entry_id
)

select status from ended
