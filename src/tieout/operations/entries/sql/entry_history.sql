-- question:   What happened to this entry, by whom and when?
-- grain:      one row per step, the first first
-- parameters: entry_id
-- index:      operations_entry_pkey, operations_entry_submission_of, operations_entry_event_of,
--             operations_approval_of_entry
select 'entered' as step, entered_by as done_by, entered_at as done_at, '' as comment
from operations_entry
where id = %(entry_id)s
union all
select 'submitted', submitted_by, submitted_at, ''
from operations_entry_submission
where entry_id = %(entry_id)s
union all
select event, done_by, done_at, comment
from operations_entry_event
where entry_id = %(entry_id)s
union all
select 'approved', approved_by, approved_at, ''
from operations_approval
where document_id = %(entry_id)s and document_kind in ('time_entry', 'expense_entry', 'material_usage')
order by done_at, step
