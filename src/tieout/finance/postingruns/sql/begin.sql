-- question:   Which run begins?
-- grain:      one row of finance_posting_run
-- parameters: company, lock_key, started_by, lease
-- index:      finance_posting_run_of_company
insert into finance_posting_run (company_code, lock_key, started_by, alive_until)
values (%(company)s, %(lock_key)s, %(started_by)s, now() + %(lease)s)
returning id
