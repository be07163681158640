-- question:   What does a transaction of one batch need? Memory, so that no sort of a batch spills; and no compilation
--             of statements, which takes a second for each and pays for millions of rows only.
-- grain:      none
-- parameters: none
-- index:      none
select set_config('work_mem', '32MB', true), set_config('jit', 'off', true)
