-- Which staged actuals count (finance spec 3.2, S). One that prevalidation found invalid and somebody left out does not: it is
-- imported no more, and what was recorded in its place stands for its line (decision 0024). Portable (DESIGN D9).
drop view if exists reconciliation_actual_state;
drop view if exists reconciliation_line_cause;
drop view if exists reconciliation_line_sign;
drop view if exists reconciliation_awaiting_validation;
drop view if exists reconciliation_line_state;
drop view if exists reconciliation_staged;
drop view if exists reconciliation_left_out;
drop view if exists reconciliation_standing_left_out;
create view reconciliation_standing_left_out as
select o.actual_id
  from fact_left_out o
 where not exists (select 1 from fact_taken_back_in b where b.left_out_id = o.left_out_id);

create view reconciliation_left_out as
select g.actual_id, g.source_id, g.company_code, g.transaction_type
  from reconciliation_standing_left_out o
  join fact_staged g on g.actual_id = o.actual_id;

create view reconciliation_staged as
select g.actual_id, g.source_id, g.company_code, g.transaction_type, g.batch_id, g.arrived_at
  from fact_staged g
 where not exists (select 1 from reconciliation_standing_left_out o where o.actual_id = g.actual_id);
