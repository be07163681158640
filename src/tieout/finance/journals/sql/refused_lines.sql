-- question:   Which lines of the slice are refused, and why?
-- grain:      one row per refused line
-- parameters: company
-- index:      none: a temporary table of one slice
select
    v.code,
    %(company)s as company_code,
    'journal_line' as record_kind,
    v.id as record_id,
    v.voucher as record_name,
    v.details::text as details
from posting_verdict v
where v.code is not null
order by v.journal_id, v.line_number
