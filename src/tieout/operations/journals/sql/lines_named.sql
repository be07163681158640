-- question:   Which actuals did these lines of confirmed entry journals make? A name is a journal's number, for all of its
--             lines, or number/line.
-- grain:      one row per actual
-- parameters: company, names
-- index:      operations_journal_number, operations_journal_line_key
select line.actual_id as id, asked.name
from unnest(%(names)s::text[]) as asked (name)
inner join operations_journal as journal
    on journal.company_code = %(company)s
    and journal.number in (asked.name, regexp_replace(asked.name, '/[0-9]+$', ''))
inner join operations_journal_line as line
    on line.journal_id = journal.id
    and line.step = 'entry'
    and asked.name in (journal.number, journal.number || '/' || line.line_number)
