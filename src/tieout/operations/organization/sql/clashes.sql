-- question:   Which of these records, as they are entered, let a contract line take work that another one takes?
--             Of two records of the request that clash, the later one does.
-- grain:      one row per record that is to be refused, with the other line and the work
-- parameters: records
-- index:      operations_contract_line_key, operations_project_number_key, and those of operations_line_clashes
with n as materialized (
    -- Records of a line, a project, a project of a line or a task of a line: whichever says what a line takes.
    select
        n."row", coalesce(n.contract_line_id, line.id) as line_id, coalesce(n.project_id, project.id) as project_id,
        n.task_id
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, contract_id uuid, line_number int, number text, contract_line_id uuid, project_id uuid,
        task_id uuid
    )
    left join operations_contract_line line
        on line.contract_id = n.contract_id and line.line_number = n.line_number
    left join operations_project project on project.number = n.number
),
clash as materialized (
    select *
    from operations_line_clashes(array(
        select n.project_id from n where n.project_id is not null and n.line_id is not null
        union
        select taking.project_id
        from n
        inner join operations_included_class taking on taking.contract_line_id = n.line_id
        where n.project_id is null
    ))
)
select distinct on (mine."row")
    mine."row",
    'LOAD-343' as outcome,
    'contract_line' as field,
    concat(contract.number, ' line ', other.line_number) as stored,
    concat(clash.transaction_class, ' of project ', project.number, ', task ' || task.number) as value
from clash
inner join n mine
    on mine.line_id = clash.contract_line_id
    and coalesce(mine.project_id, clash.project_id) = clash.project_id
    and coalesce(mine.task_id, clash.task_id) is not distinct from clash.task_id
left join n also
    on also.line_id = clash.other_line_id
    and coalesce(also.project_id, clash.project_id) = clash.project_id
    and coalesce(also.task_id, clash.task_id) is not distinct from clash.task_id
inner join operations_contract_line other on other.id = clash.other_line_id
inner join operations_contract contract on contract.id = other.contract_id
inner join operations_project project on project.id = clash.project_id
left join operations_task task on task.id = clash.task_id
where also."row" is null or also."row" < mine."row"
order by mine."row", contract.number, other.line_number, clash.transaction_class, task.number
