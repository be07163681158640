-- question:   Which pending vendor invoices of a borrower have these numbers? A blank lender: of any.
-- grain:      one row per pending invoice with one of the numbers
-- parameters: company, numbers, lending_company
-- index:      finance_intercompany_queue_of, finance_intercompany_vendor_invoice_pkey
select i.id, i.number, i.lending_company
from finance_intercompany_queue q
join finance_intercompany_vendor_invoice i on i.id = q.vendor_invoice_id
where q.company_code = %(company)s
    and i.number = any(%(numbers)s)
    and (%(lending_company)s = '' or i.lending_company = %(lending_company)s)
order by i.number, i.lending_company
