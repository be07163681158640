-- question:   Confirm this draft contract: of which projects is what was approved to be evaluated again (E22)?
-- grain:      one row per project that a line of the contract takes work of
-- parameters: contract
-- index:      operations_contract_number_key, operations_contract_line_key
with confirmed as (
    update operations_contract
    set state = 'confirmed', version = version + 1
    where number = %(contract)s
    returning id
),

stated as (
    insert into outbox_entry (map, key)
    select 'salesorders', id from confirmed where outbox_captures('salesorders')
),

line as (
    select line.id
    from confirmed
    inner join operations_contract_line as line on line.contract_id = confirmed.id
)

select project.id as project_id
from line
inner join operations_project as project on project.contract_line_id = line.id
union
select mapped.project_id
from line
inner join operations_contract_line_project as mapped on mapped.contract_line_id = line.id and mapped.active
order by 1
