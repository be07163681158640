-- question:   Which database is this, and which transactions does this transaction see?
-- grain:      one row
-- parameters: none
-- index:      none
-- The timeline is read from the write-ahead log itself: the control file learns of a new one only with the next
-- checkpoint. A standby refuses the question, and rightly: its snapshots do not list what is in progress.
select (select system_identifier::text from pg_control_system()) as system_identifier,
       ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int as timeline,
       (select oid::text || ' ' || datname from pg_database where datname = current_database()) as database,
       pg_current_snapshot()::text as snapshot,
       pg_current_wal_insert_lsn()::text as written_to
