-- question:   End a session of the server, as a network or an administrator does.
-- grain:      one row
-- parameters: process
-- index:      none: the catalog
select pg_terminate_backend(%(process)s) as ended
