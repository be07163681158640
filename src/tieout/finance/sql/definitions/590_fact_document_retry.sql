-- Published fact (DESIGN D8): every time that Sync asked for a document line again (finance spec 3.6, last retried).
drop view if exists fact_document_retry;
create view fact_document_retry as
select xid,
       id,
       key as line_id,
       asked_by,
       asked_at
  from outbox_resync
 where map in ('msdyn_projectvendorinvoicelines', 'msdyn_expenses');
