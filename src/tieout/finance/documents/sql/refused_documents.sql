-- question:   Which documents of the batch are refused, and why?
-- grain:      one row per refused document
-- parameters: company, document_kind
-- index:      none: a temporary table of one batch
select
    v.code,
    %(company)s as company_code,
    %(document_kind)s as record_kind,
    v.document_id as record_id,
    v.document_name as record_name,
    v.details::text as details
from document_verdict v
where v.code is not null
order by v.document_id
