-- question:   Which run is at an end?
-- grain:      one row of finance_posting_run updated; none when another run has ended it
-- parameters: run_id
-- index:      finance_posting_run_pkey
update finance_posting_run r
set ended_at = now()
where r.id = %(run_id)s and r.ended_at is null
