-- question:   Which entries of this company and class were approved lately and stand approved, and what did their approvers
--             change? Lately is the latest approvals of all companies, so that the cost does not grow with the history.
-- grain:      one row per entry, the latest approval first, at most row_limit after a given approval
-- parameters: company, transaction_class, after, latest, row_limit, actor, every_project
-- index:      operations_approval_xid, operations_approval_pkey, operations_entry_pkey,
--             operations_open_entry_pkey, operations_approval_of_entry, operations_project_approver_key
select
    approval.id as approval_id, entry.id as entry_id, entry.transaction_class, entry.external_id, entry.date,
    entry.minutes, entry.quantity, entry.unit, entry.price as typed_price, entry.currency_code as typed_currency,
    entry.description,
    resource.code as resource_code, resource.name as resource_name,
    project.number as project_number, project.name as project_name, task.number as task_number,
    coalesce(role.name, category.name, product.name, nullif(entry.product_name, ''), entry.time_type) as what,
    not %(every_project)s and operations_others_approve(entry.project_id, %(actor)s) as others_approve,
    in_force.submitted_by, approval.approved_by, approval.approved_at, approval.billable, approval.billing_type
from (
    select *
    from operations_approval
    order by xid desc
    limit %(latest)s
) as approval
cross join lateral (
    -- The offsets keep these look-ups by key.
    select * from operations_entry as found where found.id = approval.document_id offset 0
) as entry
left join operations_resource as resource on resource.id = entry.resource_id
left join operations_project as project on project.id = entry.project_id
left join operations_role as role on role.id = entry.role_id
left join operations_category as category on category.id = entry.category_id
left join operations_product as product on product.id = entry.product_id
left join operations_task as task on task.id = entry.task_id
left join lateral (
    select * from operations_open_entry as waiting where waiting.entry_id = entry.id offset 0
) as open on true
cross join lateral (select * from operations_approved_submission(entry.id) offset 0) as in_force
where approval.document_kind = operations_entry_kind(%(transaction_class)s)
    and entry.company_code = %(company)s
    and open.entry_id is null
    -- An approval that was taken back, and followed by another, is not the one in force.
    and in_force.submission_id = approval.id
    and (
        %(after)s::uuid is null
        or (approval.xid, approval.id) < (
            select last.xid, last.id from operations_approval as last where last.id = %(after)s
        )
    )
order by approval.xid desc, approval.id desc
limit %(row_limit)s
