-- question:   Which lines of a slice have no voucher yet? Of a reversal also: which line and voucher does it reverse?
-- grain:      one row of posting_line per line; original_id is null but for reversals
-- parameters: journals, line_from, line_to
-- index:      finance_journal_line_key, finance_journal_move_key, finance_journal_move_place,
--             finance_voucher_document_id_key, finance_journal_line_made, finance_staged_actual_pkey,
--             finance_document_line_posting_pkey
create temporary table posting_line on commit drop as
select l.*
from finance_posting_line l
where l.journal_id = any(%(journals)s::bigint[])
    and l.line_number between %(line_from)s and %(line_to)s
    -- limit 1 keeps this one probe per line; as an anti join it may read every voucher there is, once per slice
    and (select v.id from finance_voucher v where v.document_id = l.id limit 1) is null
