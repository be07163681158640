-- question:   How many live costs of entries do these projects have, counted up to a most, and whose are they?
-- grain:      one row per project
-- parameters: projects, most
-- index:      operations_project_pkey, operations_actual_of_project, operations_actual_reversal
select project.id, project.number, project.company_code, counted.entries
from operations_project as project
cross join lateral (
    select count(*) as entries
    from (select from operations_recorded_work(project.id) limit %(most)s) as work
) as counted
where project.id = any(%(projects)s::uuid[])
order by project.number
