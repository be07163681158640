-- question:   What was done to a journal, and by whom?
-- grain:      one row per step, in order
-- parameters: company, number
-- index:      finance_integration_journal_number, finance_journal_step_of
select s.step, s.status, s.lines, s.done_by, s.done_at
from finance_integration_journal j
join finance_journal_step s on s.journal_id = j.id
where j.company_code = %(company)s and j.number = %(number)s
order by s.id
