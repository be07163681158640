-- question:   Who owns this project, who works on it, and which contract line takes that work?
-- grain:      one row; what is not set up is null
-- parameters: company, project, resource, task, role, category, transaction_class
-- index:      the unique codes of project, resource, role and category, operations_task_key, those of
--             operations_billing (definitions/015_billing.sql)
select
    project.id as project_id, project.number as project_number, project.name as project_name, project.stage,
    project.company_code, unit.id as unit_id, unit.code as unit_code, unit.currency_code as unit_currency,
    resource.id as resource_id, resource.company_code as resource_company, resource.unit_id as resource_unit_id,
    operations_relation(
        resource.unit_id, project.unit_id, resource.company_code, project.company_code, parameters.interorganizational
    ) as relation,
    own.code as resource_unit_code, own.currency_code as resource_unit_currency,
    task.id as task_id, role.id as role_id, category.id as category_id,
    found.situation, found.billing_type, bare.billing_type as billing_type_of_task,
    contract.number as contract_number, contract.currency_code as contract_currency,
    line.line_number, line.billing_method, line.included_tasks
from (values (%(company)s::text)) as asked (company)
left join operations_project as project on project.number = %(project)s and project.company_code = asked.company
left join operations_organizational_unit as unit on unit.id = project.unit_id
left join operations_resource as resource on resource.code = %(resource)s
left join operations_organizational_unit as own on own.id = resource.unit_id
left join operations_project_parameters as parameters on parameters.company_code = project.company_code
left join operations_task as task on task.project_id = project.id and task.number = %(task)s
left join operations_role as role on role.code = %(role)s
left join operations_category as category on category.code = %(category)s
left join lateral operations_billing(project.id, task.id, %(transaction_class)s, role.id, category.id) as found on true
-- Without role and category, to tell what makes it not chargeable.
left join lateral operations_billing(project.id, task.id, %(transaction_class)s, null, null) as bare on true
left join operations_contract_line as line on line.id = found.contract_line_id
left join operations_contract as contract on contract.id = line.contract_id
