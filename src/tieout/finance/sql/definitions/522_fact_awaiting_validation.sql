-- Published facts (DESIGN D8), read whole: what waits in staging until operations is asked for it, in companies that
-- prevalidate (finance spec 2.2); is_due: longer than the parameters of the company let it.
--
-- The delivery batches that were not looked at: a row for each, however many actuals it brought.
drop view if exists fact_batch_awaiting_validation;
create view fact_batch_awaiting_validation as
select i.batch_id,
       i.company_code,
       i.received_at <= now() - make_interval(mins => p.prevalidation_minutes) as is_due
  from finance_intake i
  join finance_integration_parameters p on p.company_code = i.company_code
 where i.map = 'msdyn_actuals'
   and i.processed_at is null
   and i.prevalidated_at is null
   and p.prevalidation;

-- The actuals that wait outside their batch, of each company the first 50,000: who collects pays for what is under way, and
-- never for a worklist of millions (fact_validation_backlog says where there is one). Where no company prevalidates, the
-- worklist is not read.
drop view if exists fact_actual_awaiting_validation;
create view fact_actual_awaiting_validation as
select w.actual_id,
       s.arrived_at <= now() - make_interval(mins => p.prevalidation_minutes) as is_due
  from (select company_code, prevalidation_minutes
          from finance_integration_parameters
         where prevalidation) p
 cross join lateral (select t.actual_id
                       from finance_staging_retry t
                      where t.company_code = p.company_code
                        and t.validation = 'pending'
                      order by t.actual_id
                      limit 50000) w
  join finance_staged_actual s on s.actual_id = w.actual_id;

-- The companies in which more actuals wait outside their batch than fact_actual_awaiting_validation lists, and the moment up to
-- which one must have arrived to be due.
drop view if exists fact_validation_backlog;
create view fact_validation_backlog as
select p.company_code,
       now() - make_interval(mins => p.prevalidation_minutes) as due_until
  from finance_integration_parameters p
 where p.prevalidation
   and exists (select
                 from finance_staging_retry t
                where t.company_code = p.company_code
                  and t.validation = 'pending'
               offset 50000);
