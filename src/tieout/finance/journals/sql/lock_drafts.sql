-- question:   Which draft journals of these period keys have room? One that is being posted is passed over.
-- grain:      one row per journal, oldest first; locked until the transaction ends
-- parameters: company, period_keys
-- index:      finance_journal_unposted
select j.id, j.period_key, j.line_count, j.line_limit
from finance_integration_journal j
where j.company_code = %(company)s
    and j.period_key = any(%(period_keys)s::date[])
    and j.status = 'draft'
    and (j.line_limit = 0 or j.line_count < j.line_limit)
order by j.id
for update skip locked
