-- Published facts (DESIGN D8): staged actuals that somebody left out when prevalidation had found them invalid (decision 0024), one
-- row each time, and which of those times are over, because the actual was taken back in.
drop view if exists fact_left_out;
create view fact_left_out as
select xid, id as left_out_id, actual_id, left_out_at
  from finance_left_out;

drop view if exists fact_taken_back_in;
create view fact_taken_back_in as
select xid, left_out_id, taken_back_at
  from finance_taken_back_in;
