-- question:   What does operations have to learn? Each line of a posted expense report.
-- grain:      one row of outbox_entry per line, where the map captures changes; reports their number
-- parameters: none
-- index:      none: temporary tables of one batch
insert into outbox_entry (map, key)
select 'msdyn_expenses', b.line_id
from document_batch_line b
join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
where outbox_captures('msdyn_expenses')
order by b.line_id
