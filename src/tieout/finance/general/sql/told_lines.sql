-- question:   Which lines of the draft are refused, or to be looked at, and why?
-- grain:      one row per such line, in their order and the refused ones first, after so many of them, at most row_limit
-- parameters: skipped, row_limit
-- index:      none: a temporary table of one journal
select
    coalesce(nullif(v.code, ''), v.warning) as code,
    v.company_code,
    'general_journal_line' as record_kind,
    v.line_id as record_id,
    (v.details ->> 'journal') || '/' || v.line_number as record_name,
    v.details::text as details
from general_verdict v
where v.code <> '' or v.warning <> ''
order by v.code = '', v.line_number
limit %(row_limit)s offset %(skipped)s
