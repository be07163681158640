-- Why an actual of any source is not home, or came home otherwise (finance spec 3.7, 4: "input: a source line or an actual").
-- Portable (DESIGN D9).
--
--                     operations             finance                                  operations
--   entry, journal,   actual  ---------->  staged --> journal line --> posted  ---->  written back
--   document                  RC-03, 00b   RC-06      RC-11, 13        RC-14, 15      RC-19, 00c
--                     RC-04                RC-08, 09                                  RC-05 (its connections)
--
-- One row per actual that operations has, and per staged actual that it has not; cause is the first that holds, empty for what is
-- home, or is rightly never sent. of_line: it returns the cost of a document line, whose own cause says more
-- (530_line_cause.sql); whoever sums up leaves it out here.
--
-- RC-04 compares skip sync with what the facts of its source say (finance spec 2.1): the cost of lent work never travels, since
-- the lender's resourcing unit cost does and a vendor invoice brings the cost; resourcing unit cost and interorganizational sales
-- travel of lent work alone; what a general journal or a stocked line has posted already does not come back. Lines of entry
-- journals are typed one by one: what their others are no fact says, and they are not judged.
drop view if exists reconciliation_actual_state;
create view reconciliation_actual_state as
select r.actual_id,
       r.source_id,
       r.source_kind,
       r.company_code,
       r.transaction_type,
       r.amount,
       r.currency_code,
       r.of_line,
       r.waiting_since,
       case when r.must_skip <> r.skip_sync then case when r.skip_sync then 'RC-04' else 'RC-04b' end
            when r.skip_sync then ''
            when r.staged_id is null then
                (select c.cause from reconciliation_actual_cause c where c.actual_id = r.actual_id)
            when r.left_out_id is not null then 'RC-06b'
            when r.line_id is null then
                case when exists (select 1
                                    from fact_finance_problem p
                                   where p.record_id = r.actual_id
                                     and p.process = 'validate_actuals'
                                     and not exists (select 1
                                                       from fact_finance_problem_over o
                                                      where o.problem_id = p.problem_id)) then 'RC-06'
                     when exists (select 1
                                    from reconciliation_awaiting_validation w
                                   where w.actual_id = r.actual_id
                                     and not w.is_due) then 'RC-00d'
                     when exists (select 1
                                    from reconciliation_awaiting_validation w
                                   where w.actual_id = r.actual_id
                                     and w.is_due) then 'RC-09b'
                     when exists (select 1
                                    from fact_finance_problem p
                                   where p.record_id = r.actual_id
                                     and p.process = 'import_from_staging'
                                     and not exists (select 1
                                                       from fact_finance_problem_over o
                                                      where o.problem_id = p.problem_id)) then 'RC-08'
                     when r.transaction_type = 'billed_sales' then 'RC-09c'
                     else 'RC-09' end
            when r.posted_id is null then
                case when exists (select 1 from fact_line_error e where e.line_id = r.line_id) then 'RC-13'
                     else 'RC-11' end
            when r.currency_posted <> r.currency_code then 'RC-15'
            when r.amount_posted <> r.amount then case when r.amount_posted = 0 then 'RC-14b' else 'RC-14' end
            when exists (select 1
                           from fact_connection c
                           join reconciliation_refused_by_finance n on n.record_id = c.connection_id
                          where c.actual_id = r.actual_id
                            and not exists (select 1
                                              from fact_staged_connection t
                                             where t.connection_id = c.connection_id)) then 'RC-05c'
            when exists (select 1
                           from fact_connection c
                          where c.actual_id = r.actual_id
                            and not exists (select 1
                                              from fact_staged_connection t
                                             where t.connection_id = c.connection_id)
                            and not exists (select 1
                                              from fact_operations_owed w
                                             where w.key = c.connection_id
                                               and w.map = 'msdyn_transactionconnections')
                            and not exists (select 1
                                              from fact_operations_map m
                                             where m.map = 'msdyn_transactionconnections'
                                               and m.backlog)) then 'RC-05'
            when exists (select 1
                           from fact_connection c
                           join fact_operations_map m on m.map = 'msdyn_transactionconnections'
                          where c.actual_id = r.actual_id
                            and not m.carries
                            and not exists (select 1
                                              from fact_staged_connection t
                                             where t.connection_id = c.connection_id)) then 'RC-05b'
            when r.written_id is not null then ''
            when exists (select 1
                           from reconciliation_refused_by_operations n
                          where n.record_id = r.line_id) then 'RC-19c'
            when not r.write_back_backlog
             and not exists (select 1
                               from fact_finance_owed w
                              where w.key = r.line_id
                                and w.map = 'msdyn_actuals_posting') then 'RC-19'
            when r.write_back_carries then 'RC-00c'
            else 'RC-19b' end as cause
  from (select a.actual_id,
               a.source_id,
               a.source_kind,
               a.company_code,
               a.transaction_type,
               a.amount,
               a.currency_code,
               a.skip_sync,
               coalesce(s.needs_journal, false) and s.cost_type = a.transaction_type as of_line,
               case when a.transaction_type in ('unbilled_sales', 'billed_sales') then false
                    when a.transaction_type = 'cost' and a.source_kind = 'general_journal_line' then true
                    when a.source_kind in ('general_journal_line', 'journal_line') then a.skip_sync
                    when s.cost_type = a.transaction_type
                     and not s.needs_journal then true
                    when a.transaction_type = 'cost' then
                        exists (select 1
                                  from fact_actual l
                                 where l.source_id = a.source_id
                                   and l.transaction_type = 'resourcing_unit_cost'
                                   and l.company_code <> a.company_code)
                    when a.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales') then
                        not exists (select 1
                                      from fact_actual l
                                     where l.source_id = a.source_id
                                       and l.transaction_type = 'cost'
                                       and l.company_code <> a.company_code)
                    else false end as must_skip,
               g.actual_id as staged_id,
               o.actual_id as left_out_id,
               j.line_id,
               j.amount as amount_posted,
               j.currency_code as currency_posted,
               p.line_id as posted_id,
               w.line_id as written_id,
               coalesce(m.carries, false) as write_back_carries,
               coalesce(m.backlog, false) as write_back_backlog,
               coalesce(p.posted_at,
                        case when j.made_at > g.arrived_at then j.made_at else g.arrived_at end,
                        a.created_at) as waiting_since
          from fact_actual a
          left join fact_source_line s on s.line_id = a.source_id and s.company_code = a.company_code
          left join fact_staged g on g.actual_id = a.actual_id
          left join reconciliation_standing_left_out o on o.actual_id = a.actual_id
          left join fact_journal_line j on j.actual_id = a.actual_id
          left join fact_posting p on p.line_id = j.line_id
          left join fact_write_back w on w.line_id = j.line_id
          left join fact_finance_map m on m.map = 'msdyn_actuals_posting') r
union all
select g.actual_id,
       g.source_id,
       '' as source_kind,
       g.company_code,
       g.transaction_type,
       coalesce(j.amount, 0) as amount,
       coalesce(j.currency_code, '') as currency_code,
       coalesce(s.needs_journal, false) and s.cost_type = g.transaction_type as of_line,
       g.arrived_at as waiting_since,
       'RC-06' as cause
  from reconciliation_staged g
  left join fact_source_line s on s.line_id = g.source_id and s.company_code = g.company_code
  left join fact_journal_line j on j.actual_id = g.actual_id
 where not exists (select 1 from fact_actual a where a.actual_id = g.actual_id);
