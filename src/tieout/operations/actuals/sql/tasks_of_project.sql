-- question:   Which tasks does a project have?
-- grain:      one row per task by number, at most row_limit
-- parameters: project_id, row_limit
-- index:      operations_task_key
select id, number, name
from operations_task
where project_id = %(project_id)s
order by number
limit %(row_limit)s
