-- question:   Which entries of this set has this attempt not tried yet?
-- grain:      one row per entry, at most row_limit, in the order of their age
-- parameters: number, attempt, row_limit
-- index:      operations_approval_set_member_key
select entry_id, billable, billing_type
from operations_approval_set_member
where approval_set_id = %(number)s and in_flight and attempt < %(attempt)s
order by entry_id
limit %(row_limit)s
