-- question:   With which dimensions were the lines of the good documents posted? What clears them takes the same.
-- grain:      one row of finance_document_line_dimension per line that has some; reports their number
-- parameters: none
-- index:      none: temporary tables of one batch
insert into finance_document_line_dimension (line_id, dimension_set_id)
select b.line_id, d.dimension_set_id
from document_batch_line b
join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
join document_dimension d
    on d.project_id = b.project_id and d.owner_id = v.owner_id and d.dimension_set_id <> 0
order by b.line_id
