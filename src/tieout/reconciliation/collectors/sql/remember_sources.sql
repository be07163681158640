-- question:   Keep the snapshot up to which the rows of the fact tables of a side now stand.
-- grain:      one row per view; restarted are those that were emptied before
-- parameters: side, system_identifier, timeline, database, snapshot, views, row_counts, restarted
-- index:      reconciliation_watermark_pkey
insert into reconciliation_watermark as known
       (view, side, system_identifier, timeline, database, snapshot, row_count)
select collected.view, %(side)s, %(system_identifier)s, %(timeline)s, %(database)s, %(snapshot)s, collected.rows
  from unnest(%(views)s::text[], %(row_counts)s::bigint[]) as collected (view, rows)
    on conflict (view) do update
   set side = excluded.side,
       system_identifier = excluded.system_identifier,
       timeline = excluded.timeline,
       database = excluded.database,
       snapshot = excluded.snapshot,
       row_count = excluded.row_count + case when known.view = any(%(restarted)s::text[]) then 0 else known.row_count end,
       collected_at = statement_timestamp()
