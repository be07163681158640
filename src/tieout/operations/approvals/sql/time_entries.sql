-- question:   Where do these time entries of a company stand?
-- grain:      one row per time entry
-- parameters: company, entry_ids
-- index:      operations_time_entry_pkey, operations_open_entry_pkey, operations_entry_submission_of,
--             operations_approval_of_entry
select
    entry_id, external_id, project_id, date, minutes, state,
    submitted_by, submitted_at, approved_by, approved_at, billable_minutes, billing_type
from operations_time_entry_state
where entry_id = any(%(entry_ids)s::uuid[])
    and company_code = %(company)s
order by entry_id
