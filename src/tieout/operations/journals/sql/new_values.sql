-- question:   What does a draft of a correction make different, by the codes of records?
-- grain:      one row per draft
-- parameters: journal_id
-- index:      operations_open_journal_pkey
select
    project.number as project, task.number as task, role.code as role, resource.code as resource,
    category.code as category, product.code as product, draft.product_name, subcontract.number as subcontract,
    draft.clears_subcontract, draft.date, draft.custom::text as custom
from operations_open_journal as draft
left join operations_project as project on project.id = draft.project_id
left join operations_task as task on task.id = draft.task_id
left join operations_role as role on role.id = draft.role_id
left join operations_resource as resource on resource.id = draft.resource_id
left join operations_category as category on category.id = draft.category_id
left join operations_product as product on product.id = draft.product_id
left join operations_subcontract as subcontract on subcontract.id = draft.subcontract_id
where draft.journal_id = %(journal_id)s::uuid
