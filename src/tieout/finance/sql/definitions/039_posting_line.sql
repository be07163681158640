-- A line of an integration journal as posting takes it: where it stands, what it comes to, and of a reversal which line
-- and voucher it takes back; original_id is null but for those. One row per standing line.
drop view if exists finance_posting_line;
create view finance_posting_line as
select
    l.id,
    l.journal_id,
    l.line_number,
    l.voucher,
    l.transaction_type,
    l.transaction_class,
    l.source_kind,
    l.transaction_date,
    l.accounting_date,
    l.may_accrue,
    j.kind = 'beginning_balance' as is_beginning,
    -- what the ledger makes of it, whatever its profile says; empty: as that says
    case
        when finance_never_enters(
            i.product_receipt_to_ledger, l.transaction_type, l.transaction_class, l.source_kind, l.subcontract
        ) then 'never_ledger'
        else ''
    end as treatment,
    l.project_id,
    coalesce(l.contract_line_id, '00000000-0000-0000-0000-000000000000') as contract_line_id,
    -- an equality for the planner: no category is the nil key, which no category has
    coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
    l.amount,
    l.currency_code,
    l.accounting_amount,
    l.fee_amount,
    l.fee_accounting_amount,
    coalesce(l.fee_category_id, '00000000-0000-0000-0000-000000000000') as fee_category_id,
    l.source_id,
    -- what clears a document takes what that was posted with; where the company asks for them, other work has the
    -- dimensions of its resource beside those of its project (finance spec 2.10)
    coalesce(d.dimension_set_id, 0) as document_set,
    coalesce(d.account, '') as document_account,
    case when l.transaction_type not like '%sales' then d.reporting_rate end as document_rate,
    coalesce(
        (
            select a.resource_id
            from finance_staged_actual a
            where i.worker_dimensions and l.source_kind not in ('vendor_invoice_line', 'stocked_invoice_line', 'expense')
                and a.actual_id = l.actual_id
        ),
        '00000000-0000-0000-0000-000000000000'
    ) as resource_id,
    l.reverses_id is not null as is_reversal,
    o.id as original_id,
    o.voucher_id as original_voucher_id,
    o.voucher as original_voucher
from finance_standing_line l
join finance_integration_journal j on j.id = l.journal_id
join finance_integration_parameters i on i.company_code = j.company_code
-- limit 1 keeps this one probe per line of a document, and none for any other
left join lateral (
    select x.account, x.dimension_set_id, x.reporting_rate
    from finance_document_line_posting x
    where l.source_kind in ('vendor_invoice_line', 'stocked_invoice_line', 'expense') and x.line_id = l.source_id
    limit 1
) d on true
-- limit 1 keeps this one probe per reversal, and none for any other line
left join lateral (
    select x.id, x.voucher, (select v.id from finance_voucher v where v.document_id = x.id limit 1) as voucher_id
    from finance_integration_journal_line x
    where x.actual_id = l.reverses_id
        and not exists (select from finance_journal_line_move m where m.line_id = x.id and m.to_journal_id is null)
    limit 1
) o on true;
