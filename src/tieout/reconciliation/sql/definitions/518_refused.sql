-- The records that the other side refused and that have not gone through since: delivery gives the reason in the problem log of
-- the side that stated them, and a record that arrives is over. One row per refusal of a record. Portable (DESIGN D9).
drop view if exists reconciliation_actual_state;
drop view if exists reconciliation_line_cause;
drop view if exists reconciliation_line_sign;
drop view if exists reconciliation_refused_by_operations;
create view reconciliation_refused_by_operations as
select p.record_id
  from fact_finance_problem p
 where p.process = 'deliver'
   and not exists (select 1 from fact_finance_problem_over o where o.problem_id = p.problem_id);

drop view if exists reconciliation_refused_by_finance;
create view reconciliation_refused_by_finance as
select p.record_id
  from fact_operations_problem p
 where p.process = 'deliver'
   and not exists (select 1 from fact_operations_problem_over o where o.problem_id = p.problem_id);
