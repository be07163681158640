-- question:   Which of these tasks, as they are entered, are a parent of their own parents?
-- grain:      one row per record that is to be refused
-- parameters: records
-- index:      operations_task_key
with recursive above as (
    select n."row", n.number, n.parent, t.id, t.parent_id
    from jsonb_to_recordset(%(records)s::jsonb) as n ("row" int, project_id uuid, number text, parent text)
    inner join operations_task t on t.project_id = n.project_id and t.number = n.number
    union
    select above."row", above.number, above.parent, above.id, t.parent_id
    from above
    inner join operations_task t on t.id = above.parent_id
)
select "row", 'LOAD-348' as outcome, 'parent' as field, parent as stored, number as value
from above
where parent_id = id
