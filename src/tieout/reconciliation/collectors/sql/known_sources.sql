-- question:   Up to which snapshot of which database do the rows of the fact tables of a side stand?
-- grain:      one row per view that was collected
-- parameters: side
-- index:      none: a row per view
select view, system_identifier, timeline, database, snapshot
  from reconciliation_watermark
 where side = %(side)s
