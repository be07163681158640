-- question:   What has a lender invoiced, the newest first, and how far is the borrower with it?
-- grain:      one row per invoice before `before`, at most rows_max; before null: from the newest
-- parameters: company, before, rows_max
-- index:      finance_intercompany_of, finance_voucher_document_id_key, finance_intercompany_queue_pkey
select
    i.id,
    i.number,
    i.borrowing_company as partner,
    coalesce(p.number, '') as project,
    i.is_credit,
    i.invoice_date,
    i.currency_code,
    coalesce(y.digits, 2) as digits,
    i.line_count as lines,
    i.amount,
    i.tax_amount,
    i.accounting_amount,
    v.number as voucher,
    v.posted_by,
    case when q.invoice_id is null then 'posted' when q.vendor_invoice_id is null then 'waiting' else 'pending' end as state,
    coalesce(q.code, '') as code
from finance_intercompany_invoice i
join finance_voucher v on v.document_id = i.id
left join finance_intercompany_queue q on q.invoice_id = i.id
left join finance_project p on p.id = i.project_id
left join finance_currency y on y.code = i.currency_code
where i.company_code = %(company)s
    and (%(before)s::uuid is null or i.id < %(before)s::uuid)
order by i.id desc
limit %(rows_max)s
