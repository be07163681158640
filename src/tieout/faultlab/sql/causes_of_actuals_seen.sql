-- question:   Which cause has each actual, as reconciliation says?
-- grain:      one row per actual
-- parameters: none
-- index:      none: the laboratory's tables hold a handful of rows
select actual_id, cause
from reconciliation_actual_state
