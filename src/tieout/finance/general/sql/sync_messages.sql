-- question:   Which posted journals does operations not have yet, and what stands in the way?
-- grain:      one row per journal that waits, at least attempts_min failures, the most first; at most row_limit
-- parameters: company, attempts_min, row_limit
-- index:      finance_general_sync_of, finance_general_journal_pkey
select
    s.journal_id,
    j.number,
    x.description,
    x.project_lines,
    x.done_by as posted_by,
    x.done_at as posted_at,
    s.attempts,
    s.code,
    s.details::text as details,
    s.tried_at
from finance_general_journal_sync s
join finance_general_journal j on j.id = s.journal_id
join finance_general_journal_outcome x on x.journal_id = s.journal_id
where s.company_code = %(company)s and s.attempts >= %(attempts_min)s
order by s.attempts desc, s.journal_id
limit %(row_limit)s
