-- What journals and invoices cost projects, whatever posted it: one row per line, posted or not, with the document that
-- its voucher names (finance spec 2.5.2). Lines that a voucher of operations' actuals posts, lines of general journals
-- with a project, and lines of vendor invoices for stock, whose cost the invoice itself posts.
-- source_id is the document line that its ledger entries name. The casts let a join reach the tables beneath.
drop view if exists finance_posted_cost;
create view finance_posted_cost as
select
    l.id, 'integration_journal_line'::text as document_kind, l.id as document_id, l.company_code::text as company_code,
    l.transaction_type::text as transaction_type, l.transaction_class::text as transaction_class, l.transaction_date,
    l.project_id, l.category_id, l.contract_line_id, l.source_id, l.actual_id, l.reverses_id, l.line_number
from finance_integration_journal_line l
union all
select
    g.id, 'general_journal_line'::text, g.id, g.company_code::text, 'cost'::text, g.transaction_class::text,
    g.transaction_date, g.project_id, g.category_id, g.contract_line_id, g.id, null::uuid, null::uuid, g.line_number
from finance_general_journal_line g
where g.project_id is not null
union all
select
    i.id, 'vendor_invoice'::text, i.invoice_id, i.company_code::text, 'cost'::text, 'material'::text,
    i.transaction_date, i.project_id, i.category_id, null::uuid, i.id, null::uuid, null::uuid, i.line_number
from finance_vendor_invoice_line i
where i.stocked;
