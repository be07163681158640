-- question:   Which journals of the slice are at an end? Those without a line that is not posted are posted, the others in
--             error.
-- grain:      one row of finance_integration_journal updated and one step per journal; reports their number
-- parameters: journals, journals_refused, posted_by
-- index:      finance_integration_journal_pkey
with closed as (
    update finance_integration_journal j
    set status = case when j.id = any(%(journals_refused)s::bigint[]) then 'error' else 'posted' end,
        posted_at = case when j.id = any(%(journals_refused)s::bigint[]) then null else now() end,
        posted_by = case when j.id = any(%(journals_refused)s::bigint[]) then '' else %(posted_by)s end,
        run_id = null
    where j.id = any(%(journals)s::bigint[])
    returning j.id, j.status, j.line_count
)
insert into finance_journal_step (journal_id, step, status, lines, done_by)
select c.id, case c.status when 'posted' then 'close' else 'refuse' end, c.status, c.line_count, %(posted_by)s
from closed c
