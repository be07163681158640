-- question:   Which of these journals are still draft, and how many lines do they have now?
-- grain:      one row per journal, locked until the transaction ends
-- parameters: journals
-- index:      finance_integration_journal_pkey
select j.id, j.line_count
from finance_integration_journal j
where j.id = any(%(journals)s::bigint[]) and j.status = 'draft'
order by j.id
for update
