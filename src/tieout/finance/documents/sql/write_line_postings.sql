-- question:   With which account, dimensions and reporting rate were the lines of the good documents posted? What clears
--             them takes the same.
-- grain:      one row of finance_document_line_posting per line that has an entry; reports their number
-- parameters: none
-- index:      none: temporary tables of one batch
insert into finance_document_line_posting (line_id, account, dimension_set_id, reporting_rate)
select b.line_id, coalesce(b.debit_account, v.debit_account), d.dimension_set_id, v.reporting_factor * 100
from document_batch_line b
join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
join document_dimension d on d.project_id = b.project_id and d.owner_id = v.owner_id
where b.line_no is not null
order by b.line_id
