-- question:   Which lines did this run refuse?
-- grain:      one row of finance_journal_line_error per refused line; reports their number
-- parameters: none
-- index:      none: a temporary table of one slice
insert into finance_journal_line_error (line_id, code, details)
select v.id, v.code, v.details
from posting_verdict v
where v.code is not null
order by v.journal_id, v.line_number
