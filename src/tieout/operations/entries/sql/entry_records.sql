-- question:   What do these entries of a company say, as the file format of their class has it?
-- grain:      one row per entry
-- parameters: company, entry_ids
-- index:      operations_entry_pkey
select
    entry.id as entry_id, entry.transaction_class, entry.external_id, entry.company_code as company,
    resource.code as resource, project.number as project, role.code as role, task.number as task,
    entry.time_type as type, category.code as category, product.code as product, entry.product_name,
    subcontract.number as subcontract,
    entry.date, entry.minutes, entry.quantity, entry.unit, entry.price, entry.currency_code as currency, entry.tax_amount as tax,
    entry.description, entry.external_description, entry.custom, entry.entered_by, entry.entered_at
from operations_entry as entry
left join operations_resource as resource on resource.id = entry.resource_id
left join operations_project as project on project.id = entry.project_id
left join operations_role as role on role.id = entry.role_id
left join operations_task as task on task.id = entry.task_id
left join operations_category as category on category.id = entry.category_id
left join operations_product as product on product.id = entry.product_id
left join operations_subcontract as subcontract on subcontract.id = entry.subcontract_id
where entry.id = any(%(entry_ids)s::uuid[])
    and entry.company_code = %(company)s
order by entry.id
