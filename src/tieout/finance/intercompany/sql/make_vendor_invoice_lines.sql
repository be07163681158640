-- question:   What are the lines of the pending vendor invoices? As the lender invoiced them, in the borrower's accounting
--             currency by the rate of the invoice date; a credit is worth what the line that it takes back is worth here.
-- grain:      one row of finance_intercompany_vendor_invoice_line per line of a good invoice; reports their number
-- parameters: none
-- index:      finance_intercompany_line_key, finance_intercompany_vendor_invoice_line_invoice_line_id_key
insert into finance_intercompany_vendor_invoice_line (
    vendor_invoice_id, line_number, invoice_line_id, project_id, category_id, transaction_date, quantity, amount,
    exchange_rate, accounting_amount, tax_amount, tax_accounting_amount
)
select
    a.vendor_invoice_id,
    l.line_number,
    l.id,
    l.project_id,
    l.category_id,
    l.transaction_date,
    l.quantity,
    l.amount,
    coalesce(o.exchange_rate, a.rate),
    coalesce(-o.accounting_amount, round(l.amount * a.rate / 100, a.digits)),
    l.tax_amount,
    coalesce(-o.tax_accounting_amount, round(l.tax_amount * a.rate / 100, a.digits))
from arrival a
join finance_intercompany_invoice_line l on l.invoice_id = a.invoice_id
left join finance_intercompany_vendor_invoice_line o on o.invoice_line_id = l.credits_id
where a.vendor_invoice_id is not null
order by a.vendor_invoice_id, l.line_number
