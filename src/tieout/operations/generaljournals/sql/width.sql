-- question:   How many lines here may come of one line of an arrived journal? One of its cost, and one of sales for each
--             customer of a contract line; of those that the contracts of its projects have, the most.
-- grain:      one row
-- parameters: journal_id
-- index:      operations_arrived_journal_line_key, operations_project_pkey, operations_contract_line_key,
--             operations_contract_line_customer_key
select 1 + greatest(
    1,
    coalesce(
        (
            select max(counted.customers)
            from (
                select count(*) as customers
                from (
                    select distinct arrived.project_id, arrived.contract_line_id
                    from operations_arrived_journal_line as arrived
                    where arrived.journal_id = %(journal_id)s
                ) as asked
                inner join operations_project as project on project.id = asked.project_id
                inner join operations_contract_line as own on own.id in (project.contract_line_id, asked.contract_line_id)
                inner join operations_contract_line as line on line.contract_id = own.contract_id
                inner join operations_contract_line_customer as customer on customer.contract_line_id = line.id
                group by asked.project_id, line.id
            ) as counted
        ),
        1
    )
) as width
