-- The staged actuals that wait until operations is asked for them (finance spec 2.2), with their batch or by themselves;
-- is_due: for longer than the parameters of the company let them. Portable (DESIGN D9).
--
-- Finance lists so many of a company that wait by themselves, and says where there are more (fact_validation_backlog). There,
-- whatever is staged without a journal line and a refusal by import is taken to be one of those that are not listed: young or due
-- by its arrival, as if it were listed. One that was found valid meanwhile is then told to await the look that it had; who
-- prevalidates, as the cause says, works off the backlog, and then it is told to await its import.
drop view if exists reconciliation_actual_state;
drop view if exists reconciliation_awaiting_validation;
create view reconciliation_awaiting_validation as
select g.actual_id, g.source_id, g.company_code, g.transaction_type, b.is_due
  from fact_batch_awaiting_validation b
  join reconciliation_staged g on g.batch_id = b.batch_id
   and g.company_code = b.company_code
union all
select g.actual_id, g.source_id, g.company_code, g.transaction_type, w.is_due
  from fact_actual_awaiting_validation w
  join reconciliation_staged g on g.actual_id = w.actual_id
union all
select g.actual_id, g.source_id, g.company_code, g.transaction_type, g.arrived_at <= b.due_until as is_due
  from fact_validation_backlog b
  join reconciliation_staged g on g.company_code = b.company_code
 where not exists (select 1 from fact_actual_awaiting_validation w where w.actual_id = g.actual_id)
   and not exists (select 1
                     from fact_batch_awaiting_validation i
                    where i.batch_id = g.batch_id
                      and i.company_code = g.company_code)
   and not exists (select 1 from fact_journal_line j where j.actual_id = g.actual_id)
   and not exists (select 1
                     from fact_finance_problem p
                    where p.record_id = g.actual_id
                      and p.process = 'import_from_staging'
                      and not exists (select 1
                                        from fact_finance_problem_over o
                                       where o.problem_id = p.problem_id));
