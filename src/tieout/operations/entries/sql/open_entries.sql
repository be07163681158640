-- question:   Which time entries of this company have this status on their way to approval, in the order they came?
-- grain:      one row per time entry, at most row_limit after a given key
-- parameters: company, status, after, row_limit
-- index:      operations_open_entry_of
select entry_id as id
from operations_open_entry
where company_code = %(company)s
    and status = %(status)s
    and entry_id > %(after)s
order by entry_id
limit %(row_limit)s
