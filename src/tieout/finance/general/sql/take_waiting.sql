-- question:   Which posted journals of a company wait for operations, and have attempts left?
-- grain:      one row per journal, in the order of their keys, at most row_limit after `after`
-- parameters: company, attempts_max, after, row_limit
-- index:      finance_general_sync_of, finance_general_journal_pkey
select s.journal_id, j.number, x.project_lines
from finance_general_journal_sync s
join finance_general_journal j on j.id = s.journal_id
join finance_general_journal_outcome x on x.journal_id = s.journal_id
where s.company_code = %(company)s and s.attempts < %(attempts_max)s and s.journal_id > %(after)s
order by s.journal_id
limit %(row_limit)s
