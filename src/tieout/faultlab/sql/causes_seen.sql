-- question:   Which cause has each line, as reconciliation says?
-- grain:      one row per source line
-- parameters: none
-- index:      none: the laboratory's tables hold a handful of rows
select line_id, cause
from reconciliation_line_cause
