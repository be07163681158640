-- question:   Which of the chosen costs have no ledger entries, and would be posted now, as if their profile had said
--             `treatment` on `accounting_date`?
-- grain:      one row of posting_line per such cost
-- parameters: treatment, accounting_date
-- index:      finance_journal_line_key, finance_journal_move_key, finance_voucherline_pkey, finance_cost_transfer_line
create temporary table posting_line on commit drop as
select
    l.id, l.journal_id, l.line_number, l.voucher, l.transaction_type, l.transaction_class, l.source_kind,
    l.transaction_date, %(accounting_date)s::date as accounting_date, l.may_accrue, l.is_beginning,
    coalesce(nullif(l.treatment, ''), %(treatment)s) as treatment, l.project_id, l.contract_line_id, l.category_id,
    l.amount, l.currency_code, l.accounting_amount, l.fee_amount, l.fee_accounting_amount, l.fee_category_id,
    l.source_id, l.document_set, l.document_account, l.document_rate, l.resource_id, l.is_reversal, l.original_id,
    l.original_voucher_id, l.original_voucher
from cost_line c
join finance_posting_line l on l.id = c.line_id and l.transaction_type = 'cost' and not l.is_reversal
where not exists (select from finance_voucher_line e where e.voucher_id = c.voucher_id)
    and not exists (select from finance_cost_transfer t where t.line_id = c.line_id)
