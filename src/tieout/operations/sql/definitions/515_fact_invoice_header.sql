-- Published fact (DESIGN D8): the headers of vendor invoices that arrived from finance, apart from their lines.
drop view if exists fact_invoice_header;
create view fact_invoice_header as
select xid, id as document_id, arrived_at
  from operations_vendor_invoice;
