-- question:   Which journals of the slice are at an end? Those without a refused line are posted, the others in error.
-- grain:      one row of finance_integration_journal updated per journal; reports their number
-- parameters: journals, journals_refused, posted_by
-- index:      finance_integration_journal_pkey
update finance_integration_journal j
set status = case when j.id = any(%(journals_refused)s::bigint[]) then 'error' else 'posted' end,
    posted_at = case when j.id = any(%(journals_refused)s::bigint[]) then null else now() end,
    posted_by = case when j.id = any(%(journals_refused)s::bigint[]) then '' else %(posted_by)s end
where j.id = any(%(journals)s::bigint[])
