-- question:   How many lines does each journal have now?
-- grain:      one row of finance_integration_journal updated per journal that got lines; reports their number
-- parameters: journals, sizes
-- index:      finance_integration_journal_pkey
update finance_integration_journal j
set line_count = j.line_count + a.size, last_line = j.last_line + a.size
from unnest(%(journals)s::bigint[], %(sizes)s::int[]) as a (journal_id, size)
where j.id = a.journal_id
