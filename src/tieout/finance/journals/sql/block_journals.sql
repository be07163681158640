-- question:   Which good lines wait because a line of their journal was refused? All, where refused lines are not moved to
--             a journal of their own (finance spec 2.5).
-- grain:      one row of posting_verdict deleted per line that waits; reports their number
-- parameters: none
-- index:      none: a temporary table of one slice
delete from posting_verdict v
where v.code is null and v.journal_id in (select r.journal_id from posting_verdict r where r.code is not null)
