-- One row per time entry: where it stands (operations spec 5.1), who submitted and who approved it.
drop view if exists operations_time_entry_state cascade;
create view operations_time_entry_state as
select
    entry.id as entry_id,
    entry.external_id,
    entry.company_code,
    entry.project_id,
    entry.resource_id,
    entry.role_id,
    entry.date,
    entry.minutes,
    entry.entered_by,
    case
        when approval.document_id is not null then 'approved'
        when submission.entry_id is not null then 'submitted'
        else 'draft'
    end as state,
    submission.submitted_by,
    submission.submitted_at,
    approval.approved_by,
    approval.approved_at
from operations_time_entry as entry
left join operations_entry_submission as submission on submission.entry_id = entry.id
left join operations_approval as approval on approval.document_id = entry.id;
