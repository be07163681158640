-- question:   How much did the batch post, and which of its documents had been refused before?
-- grain:      one row
-- parameters: none
-- index:      none: temporary tables of one batch
select
    count(distinct v.document_id) as documents,
    count(*) as lines,
    coalesce(sum(b.accounting_amount), 0) as accounting_amount,
    coalesce(array_agg(distinct v.document_id) filter (where v.code_before <> ''), '{}') as refused_before
from document_batch b
join document_verdict v on v.document_id = b.document_id and v.code is null
