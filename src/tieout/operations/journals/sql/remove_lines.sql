-- question:   Take these lines out of their drafts.
-- grain:      one row per line; reports their number
-- parameters: journal_id, line_numbers
-- index:      operations_open_journal_line_key
delete from operations_open_journal_line
where journal_id = %(journal_id)s::uuid and line_number = any(%(line_numbers)s::integer[])
