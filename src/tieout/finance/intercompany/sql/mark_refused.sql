-- question:   Which invoices of the batch wait for another reason than before?
-- grain:      one row of finance_intercompany_queue updated per such invoice; reports their number
-- parameters: none
-- index:      finance_intercompany_queue_pkey
update finance_intercompany_queue q
set code = p.code
from pending p
where q.invoice_id = p.invoice_id and p.code <> p.code_before
