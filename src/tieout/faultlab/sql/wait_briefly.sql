-- question:   How long does a statement of this session wait for a lock?
-- grain:      one row
-- parameters: time
-- index:      none
select set_config('lock_timeout', %(time)s, false) as lock_timeout
