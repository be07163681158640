-- question:   Which time entries of this company are drafts, in the order they came?
-- grain:      one row per time entry, at most row_limit after a given key
-- parameters: company, after, row_limit
-- index:      operations_time_entry_pkey, operations_entry_submission_pkey
select entry.id
from operations_time_entry as entry
where entry.company_code = %(company)s
    and entry.id > %(after)s
    and not exists (select from operations_entry_submission as done where done.entry_id = entry.id)
order by entry.id
limit %(row_limit)s
