-- question:   What are the pending vendor invoices of the batch?
-- grain:      one row of finance_intercompany_vendor_invoice per good invoice; reports their number
-- parameters: company, made_by
-- index:      finance_intercompany_vendor_line_key
insert into finance_intercompany_vendor_invoice (
    id, company_code, lending_company, vendor_id, invoice_id, number, is_credit, invoice_date, currency_code,
    line_count, amount, accounting_amount, tax_amount, made_by
)
select
    a.vendor_invoice_id,
    %(company)s,
    a.lending_company,
    a.vendor_id,
    a.invoice_id,
    a.number,
    a.is_credit,
    a.invoice_date,
    a.currency_code,
    a.line_count,
    a.amount,
    (
        select sum(l.accounting_amount)
        from finance_intercompany_vendor_invoice_line l
        where l.vendor_invoice_id = a.vendor_invoice_id
    ),
    a.tax_amount,
    %(made_by)s
from arrival a
where a.vendor_invoice_id is not null
order by a.vendor_invoice_id
