-- question:   What did the lines of a general journal post?
-- grain:      one row per line after `after`, at most row_limit, in their order
-- parameters: journal_id, after, row_limit
-- index:      finance_general_journal_line_key, finance_voucher_document_id_key, finance_voucherline_pkey
select
    l.line_number, l.account_type, l.offset_account_type, e.account, o.account as offset_account,
    p.number as project_number, p.name as project_name, g.code as category_code, l.accounting_date, l.transaction_date,
    l.quantity, l.unit_cost, l.sales_price, l.debit, l.credit, l.amount, l.currency_code, y.digits,
    l.accounting_amount, l.description, l.voucher, '' as code, '' as warning, '{}' as details
from finance_general_journal_line l
join finance_voucher v on v.document_id = l.id
left join finance_voucher_line e on e.voucher_id = v.id and e.line_no = 1
left join finance_voucher_line o on o.voucher_id = v.id and o.line_no = 2
left join finance_project p on p.id = l.project_id
left join finance_category g on g.id = l.category_id
left join finance_currency y on y.code = l.currency_code
where l.journal_id = %(journal_id)s and l.line_number > %(after)s
order by l.line_number
limit %(row_limit)s
