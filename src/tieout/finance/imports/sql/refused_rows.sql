-- question:   Which actuals of the batch are refused, and why?
-- grain:      one row per refused actual
-- parameters: company
-- index:      none: a temporary table of one batch
select
    b.code,
    %(company)s as company_code,
    'actual' as record_kind,
    b.actual_id as record_id,
    b.actual_id::text as record_name,
    b.details::text as details
from import_batch b
where b.code is not null
order by b.actual_id
