-- question:   Which draft journals of a company are to be posted?
-- grain:      one row per journal, oldest first, at most journals_max
-- parameters: company, after, numbers, journals_max
-- index:      finance_journal_unposted
select j.id, j.line_count
from finance_integration_journal j
where j.company_code = %(company)s
    and j.status = 'draft'
    and j.id > %(after)s
    and (%(numbers)s::text[] is null or j.number = any(%(numbers)s::text[]))
order by j.id
limit %(journals_max)s
