-- question:   Which documents of a company wait to be posted, and how much money is that?
-- grain:      one row per kind of document and problem; an empty code: not tried yet
-- parameters: company
-- index:      finance_posting_queue_of, finance_vendor_invoice_line_key, finance_expense_line_key
select
    q.document_kind,
    q.code,
    count(*) as documents,
    coalesce(sum(coalesce(i.amount, e.amount)), 0) as accounting_amount
from finance_posting_queue q
left join lateral (
    select sum(l.accounting_amount) as amount from finance_vendor_invoice_line l where l.invoice_id = q.document_id
) i on q.document_kind = 'vendor_invoice'
left join lateral (
    select sum(l.accounting_amount) as amount from finance_expense_line l where l.report_id = q.document_id
) e on q.document_kind = 'expense_report'
where q.company_code = %(company)s
group by q.document_kind, q.code
order by q.document_kind, q.code
