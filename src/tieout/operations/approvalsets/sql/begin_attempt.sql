-- question:   Begin an attempt at this set, or go on with one that was broken off; either takes one of its lifetime.
-- grain:      one row; none where the set does not wait any more, or has no lifetime left
-- parameters: number
-- index:      operations_approval_set_pkey
update operations_approval_set
set
    attempt = attempt + case status when 'processing' then 0 else 1 end,
    attempts_left = attempts_left - 1,
    status = 'processing',
    changed_at = now()
where id = %(number)s and in_flight and attempts_left > 0
returning id, action, attempt, approver, comment
