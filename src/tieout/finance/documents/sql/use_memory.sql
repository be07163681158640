-- question:   How much memory may one sort of this transaction take? Enough for one batch, which then never spills.
-- grain:      none
-- parameters: none
-- index:      none
select set_config('work_mem', '32MB', true)
