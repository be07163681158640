-- question:   Which of these journals does this run still have in hand? None, when its lease was over and another run
--             has taken them.
-- grain:      one row per journal, held until the transaction ends; slices of one journal hold it at once
-- parameters: journals, run_id
-- index:      finance_integration_journal_pkey
select j.id
from finance_integration_journal j
where j.id = any(%(journals)s::bigint[]) and j.status = 'processing' and j.run_id = %(run_id)s
order by j.id
for share
