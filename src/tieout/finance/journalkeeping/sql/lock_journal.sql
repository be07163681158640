-- question:   Which journal of this number has lines that may be deleted? Its lock keeps posting and import from it.
-- grain:      one row, or none
-- parameters: company, number, states
-- index:      finance_integration_journal_number
select j.id
from finance_integration_journal j
where j.company_code = %(company)s and j.number = %(number)s and j.status = any(%(states)s::text[])
for update
