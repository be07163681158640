-- question:   Which approved entries does a project have, and what did their approver change? Not those that a journal
--             corrected: their actuals are not what the entry says, and would be made anew on the old values.
-- grain:      one row per entry that is approved and not asked back, at most row_limit after a given key
-- parameters: company, project_id, after, row_limit
-- index:      operations_entry_of_project, operations_open_entry_pkey, operations_approval_of_entry,
--             operations_actual_source, operations_journal_line_actual
select entry.id, approval.billable, approval.billing_type
from operations_entry as entry
cross join lateral operations_approved_submission(entry.id) as approval
where entry.company_code = %(company)s
    and entry.project_id = %(project_id)s
    and entry.id > %(after)s
    and not exists (select from operations_open_entry as open where open.entry_id = entry.id)
    and not exists (
        select
        from operations_live_actuals(entry.id) as live
        inner join operations_journal_line as line on line.actual_id = live.id
    )
order by entry.id
limit %(row_limit)s
