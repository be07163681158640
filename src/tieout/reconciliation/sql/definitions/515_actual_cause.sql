-- Why an actual that should be in finance is not there (finance spec 3.7, 4). Portable (DESIGN D9).
-- One row per actual that travels and has not arrived, of any source: documents, entries, journals.
drop view if exists reconciliation_actual_state;
drop view if exists reconciliation_actual_cause;
create view reconciliation_actual_cause as
select a.actual_id,
       a.source_id,
       a.source_kind,
       a.company_code,
       a.transaction_type,
       a.amount,
       a.currency_code,
       a.created_at,
       case when exists (select 1
                           from fact_operations_problem p
                          where p.record_id = a.actual_id
                            and p.process = 'deliver'
                            and not exists (select 1
                                              from fact_operations_problem_over o
                                             where o.problem_id = p.problem_id)) then 'RC-03a'
            -- A map that owes more than operations lists: what is not listed is taken to be one of those.
            when m.backlog
                or exists (select 1
                             from fact_operations_owed w
                            where w.key = a.actual_id
                              and w.map = m.map)
                then case when m.carries then 'RC-00b' else 'RC-03c' end
            else 'RC-03d' end as cause
  from fact_actual a
  left join fact_operations_map m on m.map = 'msdyn_actuals'
 where not a.skip_sync
   and not exists (select 1 from fact_staged g where g.actual_id = a.actual_id);
