-- question:   What does a line of a draft say, as its file format has it?
-- grain:      one row, or none
-- parameters: journal_id, line_number
-- index:      operations_open_journal_line_key
select
    line.transaction_type, line.transaction_class, line.billing_type, line.transaction_date as date,
    line.accounting_date, project.number as project, task.number as task, role.code as role, category.code as category,
    product.code as product, line.product_name, resource.code as resource, contract.number as contract,
    contract_line.line_number as contract_line, customer.account_number as customer, line.amount_method,
    trim_scale(line.quantity)::text as quantity, line.unit, trim_scale(line.typed_price)::text as price,
    trim_scale(line.tax_amount)::text as tax, line.currency_code as currency, line.description,
    line.external_description,
    (select string_agg(own.key || '=' || own.value, ';' order by own.key) from jsonb_each_text(line.custom) as own)
        as dimensions
from operations_open_journal_line as line
left join operations_project as project on project.id = line.project_id
left join operations_task as task on task.id = line.task_id
left join operations_role as role on role.id = line.role_id
left join operations_category as category on category.id = line.category_id
left join operations_product as product on product.id = line.product_id
left join operations_resource as resource on resource.id = line.resource_id
left join operations_contract_line as contract_line on contract_line.id = line.contract_line_id
left join operations_contract as contract on contract.id = contract_line.contract_id
left join operations_customer as customer on customer.id = line.customer_id
where line.journal_id = %(journal_id)s::uuid and line.line_number = %(line_number)s
