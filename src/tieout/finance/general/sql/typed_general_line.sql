-- question:   What was typed as this line of a draft, with the codes of what finance knows of it?
-- grain:      one row, or none
-- parameters: journal_id, line_number
-- index:      finance_open_general_journal_line_key
select
    l.line_number, l.account_type, l.offset_account_type, l.account, l.offset_account, l.debit, l.credit,
    l.currency_code as currency, l.accounting_date, l.transaction_date, p.number as project, g.code as category,
    l.quantity, l.unit_cost, l.sales_price, c.number as contract, n.line_number as contract_line, r.code as role,
    l.task_number as task, l.resource_code as resource,
    l.description
from finance_open_general_journal_line l
left join finance_project p on p.id = l.project_id
left join finance_category g on g.id = l.category_id
left join finance_contract_line n on n.id = l.contract_line_id
left join finance_contract c on c.id = n.contract_id
left join finance_role r on r.id = l.role_id
where l.journal_id = %(journal_id)s and l.line_number = %(line_number)s
