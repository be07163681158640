-- question:   Take lines out of a draft.
-- grain:      one row per line that was deleted
-- parameters: journal_id, line_numbers
-- index:      finance_open_general_journal_line_key
delete from finance_open_general_journal_line l
where l.journal_id = %(journal_id)s and l.line_number = any(%(line_numbers)s::integer[])
returning l.id
