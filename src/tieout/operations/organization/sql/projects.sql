-- question:   Which projects does a company have, and how is their work paid?
-- grain:      one row per project, at most row_limit after a given number
-- parameters: company, after, row_limit
-- index:      the unique number of operations_project
select
    project.id, project.number, project.name, unit.code as unit_code, project.stage,
    operations_situation(project.stage, line.billing_method) as situation,
    contract.number as contract_number, contract.currency_code
from operations_project as project
inner join operations_organizational_unit as unit on unit.id = project.unit_id
left join operations_contract_line as line on line.id = project.contract_line_id
left join operations_contract as contract on contract.id = line.contract_id
where project.company_code = %(company)s
    and project.number > %(after)s
order by project.number
limit %(row_limit)s
