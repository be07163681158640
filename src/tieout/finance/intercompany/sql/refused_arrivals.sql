-- question:   Which invoices of the batch cannot be made vendor invoices, and why?
-- grain:      one row per refused invoice
-- parameters: company
-- index:      none: a temporary table of one batch
select
    a.code,
    %(company)s as company_code,
    'intercompany_invoice' as record_kind,
    a.invoice_id as record_id,
    a.number as record_name,
    a.details::text as details
from arrival a
where a.code is not null
order by a.invoice_id
