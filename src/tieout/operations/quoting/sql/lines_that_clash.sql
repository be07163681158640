-- question:   Do two lines of these projects take the same work?
-- grain:      one row at most: the first two lines that do
-- parameters: projects
-- index:      those of operations_line_clashes (definitions/015_billing.sql)
select
    line.line_number as line, other.line_number as other_line,
    concat(clash.transaction_class, ' of project ', project.number) as work
from operations_line_clashes(%(projects)s::uuid[]) as clash
inner join operations_contract_line as line on line.id = clash.contract_line_id
inner join operations_contract_line as other on other.id = clash.other_line_id
inner join operations_project as project on project.id = clash.project_id
order by project.number, line.line_number, other.line_number, clash.transaction_class
limit 1
