-- question:   Is this journal in error, and may be posted again?
-- grain:      one row of finance_integration_journal updated, or none
-- parameters: company, number
-- index:      finance_integration_journal_number
update finance_integration_journal j
set status = 'draft'
where j.company_code = %(company)s and j.number = %(number)s and j.status = 'error'
