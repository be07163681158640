-- question:   How many good rows of the batch does each period key have?
-- grain:      one row per period key
-- parameters: none
-- index:      none: a temporary table of one batch
select b.period_key, count(*) as lines from import_batch b where b.code is null group by b.period_key
