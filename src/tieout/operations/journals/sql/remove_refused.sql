-- question:   Take the landed lines at these places out again: they were refused.
-- grain:      one row per line; reports their number
-- parameters: places
-- index:      operations_journal_number, operations_open_journal_line_key
delete from operations_open_journal_line as line
using landed_journal_line as landed
inner join operations_journal as journal
    on journal.company_code = landed.company_code and journal.number = landed.journal
where landed.row_number = any(%(places)s::integer[])
    and line.journal_id = journal.id
    and line.line_number = landed.line_number
