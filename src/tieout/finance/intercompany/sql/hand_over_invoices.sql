-- question:   Which invoices wait for their borrowers now?
-- grain:      one row of finance_intercompany_queue per good invoice; reports their number
-- parameters: none
-- index:      none: a temporary table of one batch
insert into finance_intercompany_queue (invoice_id, company_code)
select i.invoice_id, i.borrowing_company
from lent_invoice i
where i.voucher_id is not null
order by i.invoice_id
