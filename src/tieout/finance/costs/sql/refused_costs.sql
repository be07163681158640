-- question:   Which costs of the batch are refused, and why?
-- grain:      one row per refused cost, at most rows_max, in the order in which they were chosen
-- parameters: rows_max
-- index:      none: a temporary table of one batch
select v.code, v.details::text as details
from cost_verdict v
where v.code is not null
order by v.place
limit %(rows_max)s
