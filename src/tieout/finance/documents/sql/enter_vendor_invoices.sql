-- question:   Enter the vendor invoices that are not there yet, as waiting for posting: which ones are there?
-- grain:      one row per invoice that was there, by its number in this load; it stays as it is. The parameter
--             invoices is a JSON array of rows, each with the id that it gets
-- parameters: entered_by, invoices
-- index:      finance_vendor_invoice_key, finance_posting_queue_pkey
with invoice as materialized (
    select n.*
    from json_to_recordset(%(invoices)s::json) as n (
        document integer,
        id uuid,
        company_code text,
        vendor_id uuid,
        invoice_number text,
        invoice_date date,
        accounting_date date,
        currency_code text,
        manual_verification integer,
        block_payment integer
    )
),

known as materialized (
    select i.document
    from invoice i
    -- offset 0 keeps this a look-up by key: cost per invoice does not grow with the history
    cross join lateral (
        select
        from finance_vendor_invoice h
        where h.company_code = i.company_code and h.vendor_id = i.vendor_id and h.invoice_number = i.invoice_number
        offset 0
    ) h
),

new as materialized (
    select i.*
    from invoice i
    where i.document not in (select k.document from known k)
    order by i.id
),

entered as (
    insert into finance_vendor_invoice (
        id, company_code, vendor_id, invoice_number, invoice_date, accounting_date, currency_code,
        manual_verification, block_payment, entered_by
    )
    select
        n.id, n.company_code, n.vendor_id, n.invoice_number, n.invoice_date, n.accounting_date, n.currency_code,
        v.manual_verification, v.block_payment, %(entered_by)s
    from new n
    cross join lateral finance_verification(
        n.company_code, n.manual_verification = 1, n.block_payment = 1
    ) v
),

queued as (
    insert into finance_posting_queue (document_id, document_kind, company_code, accounting_date, code)
    select n.id, 'vendor_invoice', n.company_code, n.accounting_date, ''
    from new n
)

select k.document
from known k
