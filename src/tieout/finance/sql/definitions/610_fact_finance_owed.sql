-- Published fact (DESIGN D8), read whole: what finance has stated for operations and is not acknowledged, of each map the
-- oldest 50,000 entries: who collects pays for what is under way, and never for a backlog of millions (fact_finance_map
-- says that there is one). A record that was stated several times is owed once.
drop view if exists fact_finance_owed;
create view fact_finance_owed as
select m.map, e.key, min(e.stated_at) as stated_at
  from outbox_map m
 cross join lateral (select o.key, o.stated_at
                       from outbox_entry o
                      where o.map = m.map
                      order by o.id
                      limit 50000) e
 where m.map in ('msdyn_projectvendorinvoices', 'msdyn_projectvendorinvoicelines', 'msdyn_expenses', 'msdyn_actuals_posting')
 group by m.map, e.key;
