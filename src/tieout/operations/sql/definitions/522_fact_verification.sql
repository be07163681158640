-- Published fact (DESIGN D8): what project managers decided of vendor invoice lines.
drop view if exists fact_verification;
create view fact_verification as
select xid, id as verification_id, line_id, outcome, decided_by, decided_at
  from operations_verification;
