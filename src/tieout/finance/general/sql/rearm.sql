-- question:   Which of these journals of a company are to be tried again from the beginning?
-- grain:      one row per journal that waits
-- parameters: company, journal_ids
-- index:      finance_general_journal_sync_pkey
update finance_general_journal_sync s
set attempts = 0, code = '', details = '{}'
where s.company_code = %(company)s and s.journal_id = any(%(journal_ids)s::uuid[])
returning s.journal_id
