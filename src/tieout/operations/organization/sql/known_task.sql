-- question:   Which of these tasks (project, number) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_project_number_key, operations_task_key
select k.place, t.id, p.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join operations_project p on p.number = k.k1
join operations_task t on t.project_id = p.id and t.number = k.k2
