-- question:   How far has each line come, as reconciliation says?
-- grain:      one row per source line
-- parameters: none
-- index:      none: the laboratory's tables hold a handful of rows
select s.line_id, case when s.state = 'reconciled' then s.state else s.reason end as reason, s.accounting_amount as cost,
       s.credited_amount as credited
from reconciliation_line_state s
