-- question:   Which chart of accounts and which fiscal calendar does each company have?
-- grain:      one row per company
-- parameters: none
-- index:      none: a handful of rows
select c.code, c.chart, c.calendar
from finance_company c
order by c.code
