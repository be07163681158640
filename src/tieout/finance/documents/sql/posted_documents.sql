-- question:   How much did the batch post, and which of its documents had been refused before?
-- grain:      one row
-- parameters: none
-- index:      none: a temporary table of one batch
select
    count(*) as documents,
    coalesce(sum(v.lines), 0)::bigint as lines,
    coalesce(sum(v.accounting_amount), 0) as accounting_amount,
    coalesce(array_agg(v.document_id) filter (where v.code_before <> ''), '{}') as refused_before
from document_verdict v
where v.code is null
