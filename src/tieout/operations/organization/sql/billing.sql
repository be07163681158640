-- question:   Which contract line takes a transaction of this project, and how is it billed there?
-- grain:      one row; none where the project is not known
-- parameters: project, task, transaction_class, role, category
-- index:      those of operations_billing (definitions/015_billing.sql)
select project.company_code, found.*
from operations_project as project
cross join lateral operations_billing(
    project.id, %(task)s::uuid, %(transaction_class)s, %(role)s::uuid, %(category)s::uuid
) as found
where project.id = %(project)s
