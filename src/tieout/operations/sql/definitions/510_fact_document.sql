-- Published fact (DESIGN D8): the document lines that arrived from finance (finance spec 3.2, OPSD).
drop view if exists fact_document;
create view fact_document as
select xid, id as line_id, arrived_at, manual_verification
  from operations_vendor_invoice_line
union all
select xid, id, arrived_at, false
  from operations_expense;
