-- question:   Which invoices of lenders has a borrower, the newest first, and which are pending?
-- grain:      one row per vendor invoice before `before`, at most rows_max; before null: from the newest
-- parameters: company, before, rows_max
-- index:      finance_intercompany_vendor_of, finance_voucher_document_id_key, finance_intercompany_queue_pkey
select
    i.id,
    i.number,
    i.lending_company as partner,
    '' as project,
    i.is_credit,
    i.invoice_date,
    i.currency_code,
    coalesce(y.digits, 2) as digits,
    i.line_count as lines,
    i.amount,
    i.tax_amount,
    i.accounting_amount,
    coalesce(v.number, '') as voucher,
    coalesce(v.posted_by, '') as posted_by,
    case when v.id is null then 'pending' else 'posted' end as state,
    coalesce(q.code, '') as code
from finance_intercompany_vendor_invoice i
left join finance_voucher v on v.document_id = i.id
left join finance_intercompany_queue q on q.invoice_id = i.invoice_id
left join finance_currency y on y.code = i.currency_code
where i.company_code = %(company)s
    and (%(before)s::uuid is null or i.id < %(before)s::uuid)
order by i.id desc
limit %(rows_max)s
