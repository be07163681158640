-- question:   Which project has this number, and may this company see it: its own, or one to which it has lent work?
-- grain:      one row, none where there is no such project
-- parameters: company, number
-- index:      the unique number of operations_project; operations_actual_of_project for one lent to
select
    project.id, project.number, project.name, project.stage, project.company_code, unit.code as unit_code,
    contract.number as contract_number, customer.name as customer_name, contract.currency_code
from operations_project as project
inner join operations_organizational_unit as unit on unit.id = project.unit_id
left join operations_contract_line as line on line.id = project.contract_line_id
left join operations_contract as contract on contract.id = line.contract_id
left join operations_customer as customer on customer.id = contract.customer_id
where project.number = %(number)s
    and (
        project.company_code = %(company)s
        or exists (
            select
            from operations_actual as lent
            where lent.project_id = project.id and lent.company_code = %(company)s
        )
    )
