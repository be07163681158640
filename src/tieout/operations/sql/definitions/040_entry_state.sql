-- One row per entry: where it stands (operations spec 5.1), who submitted it last and who approved it last.
-- An entry that is not open is approved.
drop view if exists operations_entry_state cascade;
create view operations_entry_state as
select
    entry.id as entry_id,
    entry.transaction_class,
    entry.external_id,
    entry.company_code,
    entry.project_id,
    entry.resource_id,
    entry.role_id,
    entry.date,
    entry.minutes,
    entry.quantity,
    entry.unit,
    entry.entered_by,
    coalesce(open.status, 'approved') as state,
    submission.submitted_by,
    submission.submitted_at,
    approval.approved_by,
    approval.approved_at,
    approval.billable,
    approval.billing_type
from operations_entry as entry
left join operations_open_entry as open on open.entry_id = entry.id
left join lateral (
    select done.submitted_by, done.submitted_at
    from operations_entry_submission as done
    where done.entry_id = entry.id
    order by done.id desc
    limit 1
) as submission on true
left join lateral (
    select done.approved_by, done.approved_at, done.billable, done.billing_type
    from operations_approval as done
    where done.document_id = entry.id
        and done.document_kind in ('time_entry', 'expense_entry', 'material_usage')
    order by done.id desc
    limit 1
) as approval on coalesce(open.status, '') not in ('draft', 'submitted', 'returned');

-- One row per actual that is not as it was made: its latest status in each machine (DESIGN D6). What has no row is
-- live (adjustment) and, of unbilled sales, not ready to invoice: unbilled_sales_created (operations spec 1.1).
drop view if exists operations_actual_state cascade;
create view operations_actual_state as
select
    actual.id as actual_id,
    case when actual.reverses_id is not null then 'unadjustable' else coalesce(adjustment.status, 'live') end
        as adjustment_status,
    coalesce(
        billing.status, case when actual.transaction_type = 'unbilled_sales' then 'unbilled_sales_created' else '' end
    ) as billing_status,
    coalesce(not_to_exceed.status, 'not_applicable') as not_to_exceed_status
from operations_actual as actual
left join lateral (
    select said.status
    from operations_actual_status as said
    where said.actual_id = actual.id and said.machine = 'adjustment'
    order by said.id desc
    limit 1
) as adjustment on true
left join lateral (
    select said.status
    from operations_actual_status as said
    where said.actual_id = actual.id and said.machine = 'billing'
    order by said.id desc
    limit 1
) as billing on true
left join lateral (
    select said.status
    from operations_actual_status as said
    where said.actual_id = actual.id and said.machine = 'not_to_exceed'
    order by said.id desc
    limit 1
) as not_to_exceed on true;
