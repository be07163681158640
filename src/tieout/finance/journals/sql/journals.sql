-- question:   Which integration journals does a company have?
-- grain:      one row per journal of these statuses and period keys (null: any), newest first, at most rows_max below the number `before`
-- parameters: company, statuses, period_from, period_to, before, rows_max
-- index:      finance_integration_journal_pkey
select
    j.id, j.number, j.kind, j.period_key, j.status, j.line_count, j.line_limit, j.created_at, j.posted_at, j.posted_by,
    coalesce(o.number, '') as original, coalesce(r.started_by, '') as held_by, r.alive_until as held_until
from finance_integration_journal j
left join finance_integration_journal o on o.id = j.original_id
left join finance_posting_run r on r.id = j.run_id and j.status = 'processing'
where j.company_code = %(company)s
    and j.id < %(before)s
    and (%(statuses)s::text[] is null or j.status = any(%(statuses)s::text[]))
    and (%(period_from)s::date is null or j.period_key >= %(period_from)s)
    and (%(period_to)s::date is null or j.period_key <= %(period_to)s)
order by j.id desc
limit %(rows_max)s
