-- question:   Which lines of a slice have no voucher yet?
-- grain:      one row of posting_line per line
-- parameters: journals, line_from, line_to
-- index:      finance_journal_line_key, finance_voucher_document_id_key
create temporary table posting_line on commit drop as
select
    l.id,
    l.actual_id,
    l.journal_id,
    l.line_number,
    l.voucher,
    l.transaction_type,
    l.transaction_class,
    l.source_kind,
    l.accounting_date,
    l.project_id,
    -- an equality for the planner: no category is the nil key, which no category has
    coalesce(l.category_id, '00000000-0000-0000-0000-000000000000') as category_id,
    l.amount,
    l.currency_code,
    l.accounting_amount,
    l.source_id
from finance_integration_journal_line l
where l.journal_id = any(%(journals)s::bigint[])
    and l.line_number between %(line_from)s and %(line_to)s
    -- limit 1 keeps this one probe per line; as an anti join it may read every voucher there is, once per slice
    and (select v.id from finance_voucher v where v.document_id = l.id limit 1) is null
