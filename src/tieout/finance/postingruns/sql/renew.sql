-- question:   Until when does a run hold its journals now?
-- grain:      one row of finance_posting_run updated; none when another run has taken over
-- parameters: run_id, lease
-- index:      finance_posting_run_pkey
update finance_posting_run r
set alive_until = now() + %(lease)s
where r.id = %(run_id)s and r.ended_at is null
