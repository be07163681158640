-- question:   Which other vouchers of its company belong to a voucher: what it clears, takes back, moved or invoices, and
--             what took it back, moved or invoiced it? Of what an invoice bills the first 200.
-- grain:      one row per voucher
-- parameters: company, voucher
-- index:      finance_intercompany_line_billed, finance_intercompany_line_key, finance_voucher_pkey, finance_voucher_document_id, finance_integration_journal_line_actual_id,
--             finance_journal_line_reverses, finance_cost_transfer_line and the primary keys of document lines
with asked as materialized (
    select v.document_id, line.id as line_id, line.actual_id, line.reverses_id, line.source_id, line.source_kind,
        moved.line_id as moved_line_id
    from finance_voucher v
    left join finance_integration_journal_line line on line.id = v.document_id
    left join finance_cost_transfer moved on moved.id = v.document_id
    where v.id = %(voucher)s and v.company_code = %(company)s
),

related as (
    select 'clears' as relation, line.invoice_id as document_id
    from asked
    inner join finance_vendor_invoice_line line on line.id = asked.source_id
    where asked.source_kind in ('vendor_invoice_line', 'stocked_invoice_line')
    union
    select 'clears', line.report_id
    from asked
    inner join finance_expense_line line on line.id = asked.source_id
    where asked.source_kind = 'expense'
    union
    select 'takes back', original.id
    from asked
    inner join finance_integration_journal_line original on original.actual_id = asked.reverses_id
    union
    select 'taken back by', reversal.id
    from asked
    inner join finance_integration_journal_line reversal on reversal.reverses_id = asked.actual_id
    union
    select 'moved by', transfer.id
    from asked
    inner join finance_posted_cost cost on cost.document_id = asked.document_id
    inner join finance_cost_transfer transfer on transfer.line_id = cost.id
    union
    select 'moves', cost.document_id
    from asked
    inner join finance_posted_cost cost on cost.id = asked.moved_line_id
    union
    select 'invoiced by', billed.invoice_id
    from asked
    inner join finance_intercompany_invoice_line billed on billed.journal_line_id = asked.line_id
    union
    (
        select 'invoices', billed.journal_line_id
        from asked
        inner join finance_intercompany_invoice_line billed on billed.invoice_id = asked.document_id
        order by billed.line_number
        limit 200
    )
    union
    select 'credits', credited.invoice_id
    from asked
    inner join finance_intercompany_invoice_line billed on billed.invoice_id = asked.document_id
    inner join finance_intercompany_invoice_line credited on credited.id = billed.credits_id
)

select related.relation, v.number, v.accounting_date, v.document_kind
from related
inner join finance_voucher v on v.document_id = related.document_id and v.company_code = %(company)s
order by v.id
