-- question:   How many records of these projects have unbilled sales of this contract that no invoice bills, counted up to
--             a most, and whose are they?
-- grain:      one row per project
-- parameters: projects, contract_id, most
-- index:      operations_project_pkey, operations_actual_of_project, operations_actual_reversal,
--             operations_actual_status_of
select project.id, project.number, project.company_code, counted.entries
from operations_project as project
cross join lateral (
    select count(*) as entries
    from (
        select distinct unbilled.source_id
        from operations_unbilled_sales(project.id, %(contract_id)s) as unbilled
        inner join operations_actual_state as state on state.actual_id = unbilled.id
        where state.billing_status not in ('customer_invoice_created', 'customer_invoice_posted')
        limit %(most)s
    ) as source
) as counted
where project.id = any(%(projects)s::uuid[])
order by project.number
