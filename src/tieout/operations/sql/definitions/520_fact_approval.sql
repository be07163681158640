-- Published fact (DESIGN D8): what was approved or confirmed, by whom and when.
drop view if exists fact_approval;
create view fact_approval as
select xid, id as approval_id, document_id, document_kind, approved_by, approved_at
  from operations_approval;
