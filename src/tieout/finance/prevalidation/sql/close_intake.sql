-- question:   Which delivery batch was looked at from its first actual to its last?
-- grain:      one row of finance_intake updated
-- parameters: intake_id, company
-- index:      finance_intake_pkey
update finance_intake
set prevalidated_at = now()
where id = %(intake_id)s and company_code = %(company)s and prevalidated_at is null
