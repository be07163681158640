-- question:   Win this quote: its contract, the lines, and the projects that are sold by it. Other drafts for one
--             of these projects are lost (operations spec 4.1).
-- grain:      one row: the contract, and the projects whose actuals are to be evaluated again (E22)
-- parameters: quote
-- index:      operations_quote_number_key, operations_quote_line_key, operations_project_pkey
with quote as materialized (
    select * from operations_quote where number = %(quote)s
),
sold as materialized (
    -- The first line of a project is its own; the others are mapped to it besides.
    select
        line.*,
        row_number() over (partition by line.project_id order by line.line_number) as place
    from operations_quote_line as line
    inner join quote on quote.id = line.quote_id
),
contract as (
    insert into operations_contract (number, name, customer_id, company_code, unit_id, currency_code, version)
    select number, name, customer_id, company_code, unit_id, currency_code, 1
    from quote
    returning id
),
contract_line as (
    insert into operations_contract_line (
        contract_id, line_number, name, billing_method, include_time, include_expense, include_material, include_fee,
        included_tasks, amount, not_to_exceed, discount_percent, fee_percent, version
    )
    select
        contract.id, sold.line_number, sold.name, sold.billing_method, sold.include_time, sold.include_expense,
        sold.include_material, sold.include_fee, sold.included_tasks, sold.amount, sold.not_to_exceed,
        sold.discount_percent, sold.fee_percent, 1
    from sold
    cross join contract
    returning id, line_number
),
project as (
    update operations_project as project
    set stage = 'sold', contract_line_id = contract_line.id, version = project.version + 1
    from sold
    inner join contract_line on contract_line.line_number = sold.line_number
    where project.id = sold.project_id and sold.place = 1
    returning project.id
),
mapped as (
    insert into operations_contract_line_project (contract_line_id, project_id, active, version)
    select contract_line.id, sold.project_id, true, 1
    from sold
    inner join contract_line on contract_line.line_number = sold.line_number
    where sold.project_id is not null and sold.place > 1
),
closed as (
    update operations_quote as closed
    set status = case when closed.id = quote.id then 'won' else 'lost' end, version = closed.version + 1
    from quote
    where closed.id = quote.id
        or (
            closed.status = 'draft'
            and closed.id in (
                select line.quote_id
                from operations_quote_line as line
                where line.project_id in (select sold.project_id from sold)
            )
        )
),
stated as (
    insert into outbox_entry (map, key)
    select 'salesorders', id from contract where outbox_captures('salesorders')
    union all
    select 'salesorderdetails', id from contract_line where outbox_captures('salesorderdetails')
    union all
    select 'msdyn_projects', id from project where outbox_captures('msdyn_projects')
)
select contract.id as contract_id, array(select project.id from project order by project.id) as projects
from contract
