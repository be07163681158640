-- question:   What does operations have to learn? Each posted vendor invoice, then its lines.
-- grain:      one row of outbox_entry per record, where its map captures changes; reports their number
-- parameters: none
-- index:      none: temporary tables of one batch
insert into outbox_entry (map, key)
select s.map, s.key
from (
    select 1 as place, 'msdyn_projectvendorinvoices' as map, v.document_id as key
    from document_verdict v
    where v.code is null and outbox_captures('msdyn_projectvendorinvoices')
    union all
    select 2, 'msdyn_projectvendorinvoicelines', b.line_id
    from document_batch_line b
    join document_verdict v on v.document_id = b.document_id and v.voucher_id is not null
    where outbox_captures('msdyn_projectvendorinvoicelines')
) s
order by s.place, s.key
