-- question:   What would the lines of a draft post now, and what is wrong with them?
-- grain:      one row per line after `after`, at most row_limit, in their order
-- parameters: journal_id, after, row_limit
-- index:      finance_open_general_journal_line_key
select
    d.line_number, d.account_type, d.offset_account_type, d.account, d.offset_account, d.project_number,
    d.project_name, d.category_code, d.accounting_date, d.transaction_date, d.quantity, d.unit_cost, d.sales_price,
    d.debit, d.credit, d.amount, d.currency_code, d.digits, d.accounting_amount, d.description, null as voucher, d.code,
    d.warning, d.details::text as details
from finance_general_draft(%(journal_id)s) d
where d.line_number > %(after)s
order by d.line_number
limit %(row_limit)s
