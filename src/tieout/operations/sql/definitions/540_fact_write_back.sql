-- Published fact (DESIGN D8): the postings of finance that operations knows of.
drop view if exists fact_write_back;
create view fact_write_back as
select xid, id as line_id, actual_id, voucher, arrived_at
  from operations_actual_posting;
