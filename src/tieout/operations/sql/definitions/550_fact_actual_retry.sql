-- Published fact (DESIGN D8): every time that Sync asked for an actual again, and the document line it is of.
drop view if exists fact_actual_retry;
create view fact_actual_retry as
select r.xid,
       r.id,
       a.source_id as line_id,
       r.asked_by,
       r.asked_at
  from outbox_resync r
  join operations_actual a on a.id = r.key
 where r.map = 'msdyn_actuals';
