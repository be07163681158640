-- question:   Up to which snapshot of which database do the rows of this fact table stand?
-- grain:      one row, or none before the first collection
-- parameters: view
-- index:      reconciliation_watermark_pkey
select system_identifier, timeline, database, snapshot
  from reconciliation_watermark
 where view = %(view)s
