-- question:   Enter the landed time entries as drafts: which are new, and which of the others have other content (LOAD-210
--             naming the first field that differs)? An entry that came before in this landing counts as being there.
-- grain:      one row per landed entry that was not entered, by its number
-- parameters: entered_by
-- index:      operations_time_entry_external_id_key, operations_open_entry_pkey
with entry as materialized (
    select n.*, first_value(n.row_number) over (partition by n.external_id order by n.row_number) as first_row
    from landed_time_entry n
),

entered as (
    insert into operations_time_entry (
        external_id, company_code, resource_id, project_id, role_id, task_id, date, minutes, description, custom,
        entered_by
    )
    select
        e.external_id, e.company_code, e.resource_id, e.project_id, e.role_id, e.task_id, e.entry_date, e.minutes,
        e.description, e.custom, %(entered_by)s
    from entry e
    where e.first_row = e.row_number
    order by e.row_number
    on conflict (external_id) do nothing
    returning id, company_code, minutes
),

opened as (
    insert into operations_open_entry (entry_id, company_code, status, minutes)
    select n.id, n.company_code, 'draft', n.minutes
    from entered n
),

compared as (
    select e.row_number, d.field, d.stored, d.value
    from entry e
    -- What is entered here is not seen by this statement, so a stored entry is one from before.
    -- offset 0 keeps this a look-up by key: cost per entry does not grow with the history
    left join lateral (
        select x.*
        from operations_time_entry x
        where x.external_id = e.external_id
        offset 0
    ) s on true
    left join lateral (
        select x.*
        from landed_time_entry x
        where e.first_row < e.row_number and x.row_number = e.first_row
        offset 0
    ) f on true
    left join lateral (
        select c.field, c.stored, c.value
        from (
            values
            (1, 'company', coalesce(s.company_code, f.company_code), e.company_code),
            (2, 'resource', coalesce(s.resource_id, f.resource_id)::text, e.resource_id::text),
            (3, 'project', coalesce(s.project_id, f.project_id)::text, e.project_id::text),
            (4, 'role', coalesce(s.role_id, f.role_id)::text, e.role_id::text),
            (5, 'date', coalesce(s.date, f.entry_date)::text, e.entry_date::text),
            (6, 'hours', coalesce(s.minutes, f.minutes)::text || ' minutes', e.minutes::text || ' minutes'),
            (7, 'description', coalesce(s.description, f.description), e.description),
            (
                8, 'task', coalesce(case when s.external_id is null then f.task_id else s.task_id end::text, ''),
                coalesce(e.task_id::text, '')
            ),
            (9, 'dimensions', coalesce(s.custom, f.custom)::text, e.custom::text)
        ) c (rank, field, stored, value)
        where c.stored <> c.value
        order by c.rank
        limit 1
    ) d on true
    where s.external_id is not null or e.first_row < e.row_number
)

select
    c.row_number as "row",
    case when c.field is null then 'already there' else 'LOAD-210' end as outcome,
    c.field,
    case c.field
        when 'resource' then (select r.code from operations_resource r where r.id = c.stored::uuid)
        when 'project' then (select p.number from operations_project p where p.id = c.stored::uuid)
        when 'role' then (select r.code from operations_role r where r.id = c.stored::uuid)
        when 'task' then (select t.number from operations_task t where t.id = nullif(c.stored, '')::uuid)
        else c.stored
    end as stored,
    case c.field
        when 'resource' then (select r.code from operations_resource r where r.id = c.value::uuid)
        when 'project' then (select p.number from operations_project p where p.id = c.value::uuid)
        when 'role' then (select r.code from operations_role r where r.id = c.value::uuid)
        when 'task' then (select t.number from operations_task t where t.id = nullif(c.value, '')::uuid)
        else c.value
    end as value
from compared c
