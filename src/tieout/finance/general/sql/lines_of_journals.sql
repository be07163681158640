-- question:   Which lines of these posted journals does operations get?
-- grain:      one row per line with a project
-- parameters: journal_ids
-- index:      finance_general_journal_line_key
select l.id as key
from finance_general_journal_line l
where l.journal_id = any(%(journal_ids)s::uuid[]) and l.project_id is not null
order by l.id
