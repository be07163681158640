-- question:   Which run of a company was lost? It is at an end when another one begins.
-- grain:      one row of finance_posting_run updated, or none
-- parameters: company
-- index:      finance_posting_run_of_company
update finance_posting_run r
set ended_at = now()
where r.company_code = %(company)s and r.ended_at is null
