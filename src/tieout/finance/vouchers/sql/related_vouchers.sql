-- question:   Which other vouchers belong to a voucher: what it clears, takes back or moved, and what took it back or moved
--             it?
-- grain:      one row per voucher
-- parameters: company, voucher
-- index:      finance_voucher_pkey, finance_voucher_document_id, finance_integration_journal_line_actual_id,
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
    inner join finance_cost_transfer transfer on transfer.line_id = asked.line_id
    union
    select 'moves', asked.moved_line_id
    from asked
    where asked.moved_line_id is not null
)

select related.relation, v.number, v.accounting_date, v.document_kind
from related
inner join finance_voucher v on v.document_id = related.document_id and v.company_code = %(company)s
order by v.id
