-- question:   What was posted in a company, voucher by voucher in the order of the books?
-- grain:      one row per ledger entry; a voucher without entries has one row whose line_no is null
-- parameters: company
-- index:      none: a sort on the server (no index has this order; one would slow every posting for a rare export)
select
    v.id as voucher_id,
    v.number,
    v.accounting_date,
    v.document_kind,
    v.document_id::text as document_id,
    v.posted_by,
    l.line_no,
    l.account,
    l.posting_type,
    l.accounting_amount,
    l.amount,
    l.currency_code,
    coalesce(p.number, l.project_id::text, '') as project
from finance_voucher v
left join finance_voucher_line l on l.voucher_id = v.id
left join finance_project p on p.id = l.project_id
where v.company_code = %(company)s
order by v.accounting_date, v.id, l.line_no
