-- question:   What do the lines of this contract of a company take, and of which projects?
-- grain:      one row per line and project; a line without a project has one
-- parameters: company, contract
-- index:      operations_contract_number_key, operations_contract_line_key
select
    line.line_number, line.name, line.billing_method, line.included_tasks, line.include_time, line.include_expense,
    line.include_material, line.include_fee, line.amount, coalesce(currency.digits, 2) as digits, project.number as project, project.stage
from operations_contract as contract
left join operations_currency as currency on currency.code = contract.currency_code
inner join operations_contract_line as line on line.contract_id = contract.id
left join lateral (
    select own.number, own.stage
    from operations_project as own
    where own.contract_line_id = line.id
    union
    select other.number, other.stage
    from operations_contract_line_project as mapped
    inner join operations_project as other on other.id = mapped.project_id
    where mapped.contract_line_id = line.id and mapped.active
) as project on true
where contract.number = %(contract)s and contract.company_code = %(company)s
order by line.line_number, project.number
