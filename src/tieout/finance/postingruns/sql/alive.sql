-- question:   Is there a posting run of a company whose session is there and whose lease is not over?
-- grain:      one row, or none
-- parameters: company
-- index:      finance_posting_run_of_company
select r.id
from finance_posting_run r
where r.company_code = %(company)s and r.ended_at is null and r.alive_until > now() and finance_is_held(r.lock_key)
