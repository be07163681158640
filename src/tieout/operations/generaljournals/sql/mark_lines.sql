-- question:   Which line of finance is each line of the draft made from?
-- grain:      one row of operations_open_journal_line updated per line; reports their number
-- parameters: journal_id, width
-- index:      operations_open_journal_line_key, operations_arrived_journal_line_key
update operations_open_journal_line as line
set arrived_line_id = arrived.id
from operations_arrived_journal_line as arrived
where line.journal_id = %(journal_id)s
    and arrived.journal_id = line.journal_id
    and arrived.line_number = (line.line_number - 1) / %(width)s + 1
