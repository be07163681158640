-- question:   Is a session of the server still there, with what it holds?
-- grain:      one row
-- parameters: process
-- index:      none: the server's own list
select exists (select from pg_stat_get_activity(%(process)s)) as is_so
