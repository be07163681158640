-- question:   Which is the integration journal of this number?
-- grain:      one row, or none
-- parameters: company, number
-- index:      finance_integration_journal_number
select
    j.id, j.number, j.kind, j.period_key, j.status, j.line_count, j.line_limit, j.created_at, j.posted_at, j.posted_by,
    coalesce(o.number, '') as original, coalesce(r.started_by, '') as held_by, r.alive_until as held_until
from finance_integration_journal j
left join finance_integration_journal o on o.id = j.original_id
left join finance_posting_run r on r.id = j.run_id and j.status = 'processing'
where j.company_code = %(company)s and j.number = %(number)s
