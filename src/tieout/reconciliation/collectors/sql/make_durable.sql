-- question:   Bring the log to disk as far as this position, with the end of this transaction, unless it is there already.
-- grain:      one row
-- parameters: written_to
-- index:      none
-- A message in the log makes a transaction that changed nothing end like one that did: its end waits for the disk.
select set_config('synchronous_commit', 'on', true),
       case when pg_current_wal_flush_lsn() < %(written_to)s::pg_lsn
            then pg_logical_emit_message(true, 'tieout', 'collected') end as message
