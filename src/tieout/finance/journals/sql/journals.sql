-- question:   Which integration journals does a company have?
-- grain:      one row per journal, newest first, at most rows_max below the number `before`
-- parameters: company, before, rows_max
-- index:      finance_integration_journal_pkey
select
    j.id, j.number, j.period_key, j.status, j.line_count, j.line_limit, j.created_at, j.posted_at, j.posted_by
from finance_integration_journal j
where j.company_code = %(company)s and j.id < %(before)s
order by j.id desc
limit %(rows_max)s
