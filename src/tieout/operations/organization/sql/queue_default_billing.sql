-- question:   Of which projects do these roles or categories, whose default billing changed, bill recorded work otherwise?
--             They are queued to be evaluated again (operations spec 2.1, E23; 4.9). A line that says itself how it bills
--             the role or category does not ask the default.
-- grain:      one row per queued project; what waits already is not queued again
-- parameters: entity, ids, asked_by
-- index:      operations_contract_line_project_key, operations_actual_of_project, operations_actual_reversal,
--             operations_reevaluation_waits
with asking as materialized (
    select distinct taking.project_id
    from operations_included_class as taking
    inner join operations_project as project on project.id = taking.project_id and project.stage = 'sold'
    where taking.billing_method = 'time_and_materials'
        and taking.transaction_class = case %(entity)s when 'role' then 'time' else 'expense' end
),

-- The first work that is billed otherwise is enough.
changed as materialized (
    select asking.project_id
    from asking
    where exists (
        select
        from operations_recorded_work(asking.project_id) as work
        cross join lateral operations_answer(
            asking.project_id, work.task_id, work.transaction_class, work.role_id, work.category_id
        ) as answer
        where work.transaction_class = case %(entity)s when 'role' then 'time' else 'expense' end
            and case %(entity)s when 'role' then work.role_id else work.category_id end = any(%(ids)s::uuid[])
            and (answer.contract_line_id, answer.billing_type)
            is distinct from (work.contract_line_id, work.billing_type)
    )
)

insert into operations_reevaluation (company_code, project_id, is_whole, reason, asked_by, done, refused)
select project.company_code, project.id, false, 'default_billing', %(asked_by)s, 0, 0
from changed
inner join operations_project as project on project.id = changed.project_id
order by project.number
on conflict (project_id, is_whole, contract_id, contract_line_id) where begun_at is null do nothing
