-- question:   Close this contract as lost: of which projects are its unbilled sales to be reversed (operations spec 2.1,
--             E24; 4.1)? Its lines take no work any more. Its sold projects are closed, but for one of which a line of
--             another contract takes work. Closed again, nothing changes, and the projects are the same.
-- grain:      one row per project that is or was mapped to a line of the contract; none: it has no projects
-- parameters: contract
-- index:      operations_contract_number_key, operations_contract_line_key, operations_project_pkey
with contract as materialized (
    select id, state from operations_contract where number = %(contract)s
),

lost as (
    update operations_contract as closed
    set state = 'lost', version = closed.version + 1
    from contract
    where closed.id = contract.id and contract.state <> 'lost'
    returning closed.id
),

mapped as materialized (
    select found.id, bool_or(found.is_now) as is_now
    from (
        select project.id, true as is_now
        from contract
        inner join operations_contract_line as line on line.contract_id = contract.id
        inner join operations_project as project on project.contract_line_id = line.id
        union all
        select mapping.project_id, mapping.active
        from contract
        inner join operations_contract_line as line on line.contract_id = contract.id
        inner join operations_contract_line_project as mapping on mapping.contract_line_id = line.id
    ) as found
    group by found.id
),

closed as (
    update operations_project as project
    set stage = 'closed', version = project.version + 1
    from mapped
    where project.id = mapped.id
        and mapped.is_now
        and project.stage = 'sold'
        and exists (select from lost)
        and not exists (
            select
            from operations_included_class as taking
            where taking.project_id = mapped.id and taking.contract_id <> (select contract.id from contract)
        )
    returning project.id
),

stated as (
    insert into outbox_entry (map, key)
    select 'salesorders', id from lost where outbox_captures('salesorders')
    union all
    select 'msdyn_projects', id from closed where outbox_captures('msdyn_projects')
)

select mapped.id as project_id, closed.id is not null as is_closed
from mapped
left join closed on closed.id = mapped.id
order by mapped.id
