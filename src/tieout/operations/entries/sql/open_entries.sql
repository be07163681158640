-- question:   Which entries of this company and class have this status on their way to approval, in the order they came?
-- grain:      one row per entry, at most row_limit after a given key
-- parameters: company, transaction_class, status, after, row_limit
-- index:      operations_open_entry_of
select entry_id as id
from operations_open_entry
where company_code = %(company)s
    and status = %(status)s
    and transaction_class = %(transaction_class)s
    and entry_id > %(after)s
order by entry_id
limit %(row_limit)s
