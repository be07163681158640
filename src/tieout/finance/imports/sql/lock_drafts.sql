-- question:   Which draft journals of these period keys have room? One that is in somebody's hands is passed over; one
--             that was made for what was refused takes no more.
-- grain:      one row per journal, oldest first; locked until the transaction ends
-- parameters: company, kind, period_keys
-- index:      finance_journal_unposted
select j.id, j.period_key, j.line_count, j.last_line, j.line_limit
from finance_integration_journal j
where j.company_code = %(company)s
    and j.period_key = any(%(period_keys)s::date[])
    and j.status = 'draft'
    and j.kind = %(kind)s
    and j.original_id is null
    and (j.line_limit = 0 or j.line_count < j.line_limit)
order by j.id
for update skip locked
