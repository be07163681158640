-- question:   Which delivery batch is imported now?
-- grain:      one row of finance_intake updated
-- parameters: intake_id
-- index:      finance_intake_pkey
update finance_intake set processed_at = now() where id = %(intake_id)s
