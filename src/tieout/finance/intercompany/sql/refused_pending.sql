-- question:   Which invoices of the batch are refused, and why?
-- grain:      one row per refused invoice
-- parameters: company
-- index:      none: a temporary table of one batch
select
    p.code,
    %(company)s as company_code,
    'intercompany_invoice' as record_kind,
    p.invoice_id as record_id,
    p.number as record_name,
    p.details::text as details
from pending p
where p.code is not null
order by p.invoice_id
