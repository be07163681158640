-- question:   Which lines of an arrived journal name a record that operations does not have?
-- grain:      one row per line and record, the first hundred, in the order of the lines
-- parameters: journal_id
-- index:      operations_arrived_journal_line_key, and the primary keys of what is named
select line.line_number as line, line.id::text as line_id, named.field, named.field || ' is not there' as reason
from operations_arrived_journal_line as line
cross join lateral (
    values
    (1, 'project', not exists (select from operations_project as one where one.id = line.project_id)),
    (2, 'currency', not exists (select from operations_currency as one where one.code = line.currency_code)),
    (
        3, 'contract line',
        line.contract_line_id is not null
        and not exists (select from operations_contract_line as one where one.id = line.contract_line_id)
    ),
    (4, 'category', not exists (select from operations_category as one where one.id = line.category_id)),
    (
        5, 'task',
        line.task_id is not null and not exists (select from operations_task as one where one.id = line.task_id)
    ),
    (
        6, 'role',
        line.role_id is not null and not exists (select from operations_role as one where one.id = line.role_id)
    ),
    (
        7, 'resource',
        line.resource_id is not null
        and not exists (select from operations_resource as one where one.id = line.resource_id)
    )
) as named (place, field, is_missing)
where line.journal_id = %(journal_id)s and named.is_missing
order by line.line_number, named.place
limit 100
