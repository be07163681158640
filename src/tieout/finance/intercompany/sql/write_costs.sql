-- question:   Which project cost transactions do the posted vendor invoices make?
-- grain:      one row of finance_intercompany_cost per line of a good invoice; reports their number
-- parameters: company
-- index:      finance_intercompany_vendor_line_key
insert into finance_intercompany_cost (
    line_id, voucher_id, company_code, project_id, category_id, transaction_date, accounting_date, quantity, amount,
    currency_code, accounting_amount
)
select
    l.id, p.voucher_id, %(company)s, l.project_id, l.category_id, l.transaction_date, p.invoice_date, l.quantity, l.amount,
    p.currency_code, l.accounting_amount
from pending p
join finance_intercompany_vendor_invoice_line l on l.vendor_invoice_id = p.vendor_invoice_id
where p.voucher_id is not null
order by p.voucher_id, l.line_number
