-- The staged actuals that wait until operations is asked for them (finance spec 2.2), with their batch or by themselves;
-- is_due: for longer than the parameters of the company let them. Portable (DESIGN D9).
drop view if exists reconciliation_awaiting_validation;
create view reconciliation_awaiting_validation as
select g.actual_id, g.source_id, g.company_code, g.transaction_type, b.is_due
  from fact_batch_awaiting_validation b
  join fact_staged g on g.batch_id = b.batch_id
   and g.company_code = b.company_code
union all
select g.actual_id, g.source_id, g.company_code, g.transaction_type, w.is_due
  from fact_actual_awaiting_validation w
  join fact_staged g on g.actual_id = w.actual_id;
