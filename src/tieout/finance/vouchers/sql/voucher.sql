-- question:   What was posted under a voucher number, and for which document?
-- grain:      one row, none where there is no such voucher
-- parameters: company, number
-- index:      finance_voucher_number and the primary keys of the documents
select
    v.id, v.number, v.accounting_date, v.document_kind, v.posted_by, v.posted_at,
    coalesce(
        invoice.invoice_number, report.report_number, journal.number, general.number, lent.number, borrowed.number, ''
    ) as document,
    coalesce(line.line_number, general_line.line_number, stocked.line_number) as journal_line,
    coalesce(line.transaction_date, general_line.transaction_date, stocked.transaction_date) as transaction_date,
    coalesce(moved.treatment, '') as moved_to,
    kept.place as seal_place
from finance_voucher v
left join finance_cost_transfer moved on moved.id = v.document_id
left join finance_vendor_invoice_line stocked on stocked.id = moved.line_id
left join finance_vendor_invoice invoice on invoice.id = coalesce(stocked.invoice_id, v.document_id)
left join finance_expense_report report on report.id = v.document_id
left join finance_standing_line line on line.id = coalesce(moved.line_id, v.document_id)
left join finance_integration_journal journal on journal.id = line.journal_id
left join finance_general_journal_line general_line on general_line.id = coalesce(moved.line_id, v.document_id)
left join finance_general_journal general on general.id = general_line.journal_id
left join finance_intercompany_invoice lent on lent.id = v.document_id
left join finance_intercompany_vendor_invoice borrowed on borrowed.id = v.document_id
left join finance_seal kept on kept.company_code = v.company_code and kept.batch = v.xid
where v.company_code = %(company)s and v.number = %(number)s
