-- question:   Which invoices wait no longer?
-- grain:      one row of finance_intercompany_queue deleted per posted invoice; reports their number
-- parameters: none
-- index:      finance_intercompany_queue_pkey
delete from finance_intercompany_queue q
using pending p
where q.invoice_id = p.invoice_id and p.code is null
