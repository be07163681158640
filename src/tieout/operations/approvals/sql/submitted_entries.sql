-- question:   Which time entries of this company are submitted and not approved, in the order they came?
-- grain:      one row per time entry, at most row_limit after a given key
-- parameters: company, after, row_limit
-- index:      operations_entry_submission_pkey, operations_approval_pkey, operations_time_entry_pkey
select submission.entry_id as id
from operations_entry_submission as submission
inner join operations_time_entry as entry on entry.id = submission.entry_id
where entry.company_code = %(company)s
    and submission.entry_id > %(after)s
    and not exists (select from operations_approval as done where done.document_id = submission.entry_id)
order by submission.entry_id
limit %(row_limit)s
