-- question:   Which vendor invoices do these lines belong to? A line needs its invoice on the other side.
-- grain:      one row per invoice
-- parameters: keys
-- index:      finance_vendor_invoice_line_pkey
select distinct l.invoice_id as key
from finance_vendor_invoice_line l
where l.id = any (%(keys)s::uuid[])
