-- question:   What was posted? Each line, as it was typed, with what it came to and its voucher.
-- grain:      one row of finance_general_journal_line per line; reports their number
-- parameters: journal_id
-- index:      finance_open_general_journal_line_key, finance_voucher_document_id_key
insert into finance_general_journal_line (
    id, journal_id, line_number, account_type, offset_account_type, account, offset_account, debit, credit,
    currency_code, accounting_date, transaction_date, project_id, contract_line_id, task_id, category_id, role_id,
    resource_id, task_number, resource_code, quantity, unit_cost, sales_price, description, entered_by, entered_at, company_code,
    transaction_class, amount, accounting_amount, exchange_rate, voucher
)
select
    l.id, l.journal_id, l.line_number, l.account_type, l.offset_account_type, l.account, l.offset_account, l.debit,
    l.credit, l.currency_code, l.accounting_date, l.transaction_date, l.project_id, l.contract_line_id, l.task_id,
    l.category_id, l.role_id, l.resource_id, l.task_number, l.resource_code, l.quantity, v.unit_cost, l.sales_price, l.description, l.entered_by,
    l.entered_at, v.company_code, v.transaction_class, v.amount, v.accounting_amount, v.exchange_rate, w.number
from finance_open_general_journal_line l
join general_verdict v on v.line_id = l.id
join finance_voucher w on w.document_id = l.id
where l.journal_id = %(journal_id)s
order by l.line_number
