-- question:   Of which projects have these contract lines, whose customers or shares changed, unbilled sales of entries? They
--             are queued to be shared anew (operations spec 2.1, E23; 4.10).
-- grain:      one row per line and queued project; what waits already is not queued again
-- parameters: ids, asked_by
-- index:      operations_contract_line_pkey, operations_contract_line_project_key, operations_actual_of_project,
--             operations_actual_reversal, operations_reevaluation_waits
with mapped as materialized (
    select distinct taking.project_id, taking.contract_line_id
    from operations_included_class as taking
    where taking.contract_line_id = any(%(ids)s::uuid[])
)

insert into operations_reevaluation (
    company_code, project_id, contract_line_id, is_whole, reason, asked_by, done, refused
)
select project.company_code, project.id, mapped.contract_line_id, false, 'shares', %(asked_by)s, 0, 0
from mapped
inner join operations_project as project on project.id = mapped.project_id and project.stage = 'sold'
where exists (
    select
    from operations_unbilled_sales(project.id, (
        select line.contract_id from operations_contract_line as line where line.id = mapped.contract_line_id
    )) as unbilled
    inner join operations_actual as actual on actual.id = unbilled.id
    where actual.contract_line_id = mapped.contract_line_id
        and actual.source_kind in ('time_entry', 'expense_entry', 'material_usage')
)
order by project.number, mapped.contract_line_id
on conflict (project_id, is_whole, contract_id, contract_line_id) where begun_at is null do nothing
