-- question:   Which of these entries of a company wait in an approval set, and in which?
-- grain:      one row per entry in flight
-- parameters: company, entry_ids
-- index:      operations_approval_set_member_in_flight, operations_entry_pkey
select entry.id, entry.external_id, operations_entry_kind(entry.transaction_class) as kind, member.approval_set_id as number
from unnest(%(entry_ids)s::uuid[]) as asked (id)
cross join lateral (
    -- The offsets keep these look-ups by key.
    select *
    from operations_approval_set_member as waiting
    where waiting.entry_id = asked.id and waiting.in_flight
    offset 0
) as member
cross join lateral (select * from operations_entry as found where found.id = asked.id offset 0) as entry
where entry.company_code = %(company)s
order by entry.id
