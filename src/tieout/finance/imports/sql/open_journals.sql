-- question:   Which journals are made for the lines that no draft has room for?
-- grain:      one row per new journal, in the order of period_keys
-- parameters: company, kind, period_keys, line_limit, prefix, digits, first_number
-- index:      finance_integration_journal_number
insert into finance_integration_journal (
    company_code, number, kind, period_key, status, line_count, last_line, line_limit, posted_by
)
select
    %(company)s,
    finance_number(%(prefix)s, %(digits)s, %(first_number)s + k.place - 1),
    %(kind)s,
    k.period_key,
    'draft',
    0,
    0,
    %(line_limit)s,
    ''
from unnest(%(period_keys)s::date[]) with ordinality as k (period_key, place)
order by k.place
returning id
