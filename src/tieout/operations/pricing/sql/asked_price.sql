-- question:   Whose prices does an hour of this resource under this role on this project ask for, with which dimensions?
-- grain:      one row; what is not set up is null
-- parameters: company, project, role, resource, quote, subcontract, dimensions
-- index:      the unique codes of project, role, resource, quote and subcontract
select
    project.id as project_id, role.id as role_id, resource.id as resource_id,
    unit.id as unit_id, unit.code as unit_code,
    contract.id as contract_id, contract.number as contract_number, quote.id as quote_id,
    subcontract.id as subcontract_id,
    (
        jsonb_build_object(
            'role', role.id, 'resourcing_unit', resource.unit_id, 'resourcing_company', resource.company_code,
            'resource', resource.id
        ) || %(dimensions)s::jsonb
    )::text as dimensions
from (values (%(company)s::text)) as asked (company)
left join operations_project as project on project.number = %(project)s and project.company_code = asked.company
left join operations_organizational_unit as unit on unit.id = project.unit_id
left join operations_contract_line as line on line.id = project.contract_line_id and project.stage = 'sold'
left join operations_contract as contract on contract.id = line.contract_id
left join operations_quote as quote on quote.number = %(quote)s::text and quote.company_code = asked.company
left join operations_subcontract as subcontract
    on subcontract.number = %(subcontract)s::text and subcontract.company_code = asked.company
left join operations_role as role on role.code = %(role)s
left join operations_resource as resource on resource.code = %(resource)s
