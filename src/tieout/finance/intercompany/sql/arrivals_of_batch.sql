-- question:   What became of the invoices of the batch: their number, the last of them, those refused now and before?
-- grain:      one row; reached is null when nothing waited
-- parameters: none
-- index:      none: a temporary table of one batch
select
    (array_agg(a.invoice_id order by a.invoice_id desc))[1] as reached,
    count(*) filter (where a.code is null) as made,
    count(*) filter (where a.code is not null) as refused,
    coalesce(array_agg(a.invoice_id) filter (where a.code is null and a.code_before <> ''), '{}') as refused_before
from arrival a
