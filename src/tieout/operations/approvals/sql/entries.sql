-- question:   Where do these entries of a company stand?
-- grain:      one row per entry
-- parameters: company, entry_ids
-- index:      operations_entry_pkey, operations_open_entry_pkey, operations_entry_submission_of,
--             operations_approval_of_entry
select
    entry_id, transaction_class, external_id, project_id, date, minutes, quantity, unit, state,
    submitted_by, submitted_at, approved_by, approved_at, billable, billing_type
from operations_entry_state
where entry_id = any(%(entry_ids)s::uuid[])
    and company_code = %(company)s
order by entry_id
