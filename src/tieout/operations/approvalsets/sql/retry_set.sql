-- question:   Give this set one more attempt, by this approver. An entry that waits in another set by now, or was
--             deleted, leaves this one.
-- grain:      one row
-- parameters: number, approver
-- index:      operations_approval_set_pkey, operations_approval_set_member_key, operations_approval_set_member_in_flight
with taken as materialized (
    select
        member.id, member.entry_id, entry.external_id, other.approval_set_id as held_by,
        other.id is null and entry.id is not null as is_free
    from operations_approval_set_member as member
    left join operations_entry as entry on entry.id = member.entry_id
    left join operations_approval_set_member as other
        on other.entry_id = member.entry_id and other.in_flight and other.id <> member.id
    where member.approval_set_id = %(number)s
),

moved as (
    delete from operations_approval_set_member as member
    using taken
    where member.id = taken.id and not taken.is_free
),

again as (
    update operations_approval_set_member as member
    set in_flight = true
    from taken
    where member.id = taken.id and taken.is_free
),

retried as (
    update operations_approval_set
    set
        status = 'queued', in_flight = true, attempts_left = attempts_left + 1, approver = %(approver)s,
        changed_at = now()
    where id = %(number)s
    returning id, attempt
),

logged as (
    insert into operations_approval_set_log (approval_set_id, attempt, entry_id, code, details, approver)
    select
        retried.id, retried.attempt, taken.entry_id, 'APR-141',
        jsonb_build_object('record', taken.external_id, 'set', taken.held_by), %(approver)s
    from taken
    cross join retried
    where taken.held_by is not null
)

select count(*) filter (where is_free) as left_in_set from taken
