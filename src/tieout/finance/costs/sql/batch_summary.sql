-- question:   How many costs of the batch are moved, and how much is that; how many were chosen, up to which line?
-- grain:      one row
-- parameters: none
-- index:      none: a temporary table of one batch
select
    count(*) as chosen,
    count(*) filter (where v.code is null) as moved,
    coalesce(sum(v.accounting_amount) filter (where v.code is null), 0) as accounting_amount,
    (array_agg(v.line_id order by v.place desc))[1] as line_to
from cost_verdict v
