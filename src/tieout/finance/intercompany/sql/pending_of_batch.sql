-- question:   How much did the batch post, up to which invoice, and which of its invoices had been refused before?
-- grain:      one row; reached is null when nothing waited
-- parameters: none
-- index:      none: a temporary table of one batch
select
    (array_agg(p.invoice_id order by p.invoice_id desc))[1] as reached,
    count(*) filter (where p.code is null) as invoices,
    coalesce(sum(p.line_count) filter (where p.code is null), 0)::bigint as lines,
    coalesce(sum(p.accounting_amount) filter (where p.code is null), 0) as accounting_amount,
    count(*) filter (where p.code is not null) as refused,
    coalesce(array_agg(p.invoice_id) filter (where p.code is null and p.code_before <> ''), '{}') as refused_before
from pending p
