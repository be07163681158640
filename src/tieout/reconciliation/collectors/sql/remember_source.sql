-- question:   Keep the snapshot up to which the rows of a fact table now stand.
-- grain:      one row
-- parameters: view, side, system_identifier, timeline, database, snapshot, row_count, restarted
-- index:      reconciliation_watermark_pkey
insert into reconciliation_watermark as known
       (view, side, system_identifier, timeline, database, snapshot, row_count)
values (%(view)s, %(side)s, %(system_identifier)s, %(timeline)s, %(database)s, %(snapshot)s, %(row_count)s)
    on conflict (view) do update
   set side = excluded.side,
       system_identifier = excluded.system_identifier,
       timeline = excluded.timeline,
       database = excluded.database,
       snapshot = excluded.snapshot,
       row_count = excluded.row_count + case when %(restarted)s then 0 else known.row_count end,
       collected_at = statement_timestamp()
