-- question:   Which connections of the actuals of a company, of any source, are not in finance, and nobody owes them?
--             Those that finance refused are among them: who presses Sync has them tried again, as with documents and actuals.
-- grain:      one row per connection, in the order of their keys
-- parameters: company, after, row_limit
-- index:      fact_connection_pkey, fact_staged_connection_pkey
select c.connection_id as key
  from fact_connection c
  join fact_actual a on a.actual_id = c.actual_id
 where a.company_code = %(company)s
   and c.connection_id > %(after)s
   and not exists (select 1 from fact_staged_connection t where t.connection_id = c.connection_id)
   and not exists (select 1
                     from fact_operations_owed w
                    where w.key = c.connection_id
                      and w.map = 'msdyn_transactionconnections')
   and not exists (select 1 from fact_operations_map m where m.map = 'msdyn_transactionconnections' and m.backlog)
 order by c.connection_id
 limit %(row_limit)s
