-- question:   Which lines of the draft are refused, or to be looked at, and why?
-- grain:      one row per such line, at most row_limit, in their order; the refused ones first
-- parameters: row_limit
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
limit %(row_limit)s
