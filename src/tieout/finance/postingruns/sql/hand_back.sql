-- question:   Which journals does a run still have in hand at its end? It was broken off: they are draft again.
-- grain:      one row of finance_integration_journal updated and one step per journal; reports their number
-- parameters: run_id, company, done_by
-- index:      finance_journal_unposted
with back as (
    update finance_integration_journal j
    set status = 'draft', run_id = null
    where j.company_code = %(company)s and j.status = 'processing' and j.run_id = %(run_id)s
    returning j.id, j.line_count
)
insert into finance_journal_step (journal_id, step, status, lines, done_by)
select b.id, 'break_off', 'draft', b.line_count, %(done_by)s
from back b
