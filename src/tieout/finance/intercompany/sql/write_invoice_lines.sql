-- question:   Which lines of the lender's integration journals are intercompany billed now?
-- grain:      one row of finance_intercompany_invoice_line per line of a good invoice; reports their number
-- parameters: none
-- index:      none: temporary tables of one batch
insert into finance_intercompany_invoice_line (
    invoice_id, line_number, journal_line_id, credits_id, project_id, category_id, transaction_date, quantity, price,
    amount, exchange_rate, accounting_amount, reporting_amount, tax_amount, tax_accounting_amount, tax_reporting_amount
)
select
    i.invoice_id, l.line_number, l.line_id, l.credits_id, l.project_id, l.category_id, l.transaction_date, l.quantity,
    l.price, l.amount, l.exchange_rate, l.accounting_amount, l.reporting_amount, l.tax_amount, l.tax_accounting_amount,
    l.tax_reporting_amount
from lent_line l
join lent_invoice i on i.place = l.place and i.voucher_id is not null
order by i.invoice_id, l.line_number
