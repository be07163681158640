-- The lines that were born in finance, whatever kind of document they stand on: what automatic approval
-- reads; a line of an expense report counts as one piece. The cost of one that is posted at its source never travels back. A filter on document_kind leaves one of the two tables.
drop view if exists operations_finance_document_line cascade;
create view operations_finance_document_line as
select
    'expense'::text as document_kind, 'expense_report'::text as parent_kind,
    id, document_id, line_number, company_code, project_id, category_id, resource_code::text as resource_code,
    description, transaction_date, accounting_date, quantity, 'each'::text as unit, unit_price, amount, currency_code,
    exchange_rate, exchange_rate_date, accounting_amount, voucher, batch_id, arrived_at,
    'expense'::text as source_kind, false as is_posted_at_source, false as manual_verification, null::uuid as subcontract_id
from operations_expense
union all
select
    'vendor_invoice_line', 'vendor_invoice',
    id, document_id, line_number, company_code, project_id, category_id, null,
    description, transaction_date, accounting_date, quantity, unit, unit_price, amount, currency_code,
    exchange_rate, exchange_rate_date, accounting_amount, voucher, batch_id, arrived_at,
    case when stocked then 'stocked_invoice_line' else 'vendor_invoice_line' end, stocked, manual_verification, subcontract_id
from operations_vendor_invoice_line;
