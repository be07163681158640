-- Published fact (DESIGN D8), read whole: whether the maps by which finance sends documents, actuals and postings to
-- operations carry anything now, and whether one owes more records than fact_finance_owed lists.
drop view if exists fact_finance_map;
create view fact_finance_map as
select m.map,
       m.state,
       (m.state = 'running'
           and string_to_array(m.version, '.')::bigint[] >= string_to_array(m.required_version, '.')::bigint[]) as carries,
       exists (select from outbox_entry e where e.map = m.map offset 50000) as backlog
  from outbox_map m
 where m.map in ('msdyn_projectvendorinvoices', 'msdyn_projectvendorinvoicelines', 'msdyn_expenses', 'msdyn_actuals_posting');
