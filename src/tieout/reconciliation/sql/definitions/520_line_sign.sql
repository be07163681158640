-- What can be seen of each source line from the facts, sign by sign (finance spec 4). Portable (DESIGN D9).
--
-- A sign is a cause that the facts show, whatever else they show: several may hold of one line. Which of them is the
-- primary one is decided by their order (reconciliation_line_cause, causes/causes.csv). A sign that is true of the hop
-- on which a line stands says so by its reason; the signs of the way home are judged of reconciled lines alone.
drop view if exists reconciliation_line_cause;
drop view if exists reconciliation_line_sign;
create view reconciliation_line_sign as
select r.line_id, r.kind, r.company_code, r.account, r.day, r.accounting_amount,
       r.staged_count, r.posted_count, r.credited_amount, r.state, r.reason, r.waiting_since,
       -- on its way to operations
       r.reason = 'not_synced_to_operations'
           and exists (select 1
                         from fact_finance_problem p
                        where p.record_id = r.line_id
                          and p.process = 'deliver'
                          and p.code = 'DW-205'
                          and not exists (select 1
                                            from fact_finance_problem_over o
                                           where o.problem_id = p.problem_id)) as document_names_what_is_missing,
       r.reason = 'not_synced_to_operations'
           and exists (select 1
                         from fact_finance_problem p
                        where p.record_id = r.line_id
                          and p.process = 'deliver'
                          and p.code <> 'DW-205'
                          and not exists (select 1
                                            from fact_finance_problem_over o
                                           where o.problem_id = p.problem_id)) as document_breaks_a_rule,
       r.reason = 'not_synced_to_operations'
           and (exists (select 1
                          from fact_finance_owed w
                          join fact_finance_map m on m.map = w.map
                         where w.key = s.line_id
                           and w.map in ('msdyn_expenses', 'msdyn_projectvendorinvoicelines')
                           and not m.carries)
                -- a map that owes more than finance lists: what is not listed is taken to be one of those
                or exists (select 1
                             from fact_finance_map m
                            where m.map = case when s.kind = 'expense' then 'msdyn_expenses'
                                               else 'msdyn_projectvendorinvoicelines' end
                              and m.backlog
                              and not m.carries)) as document_waits_for_its_map,
       r.reason = 'not_synced_to_operations'
           and (exists (select 1
                          from fact_finance_owed w
                          join fact_finance_map m on m.map = w.map
                         where w.key = s.line_id
                           and w.map in ('msdyn_expenses', 'msdyn_projectvendorinvoicelines')
                           and m.carries)
                or exists (select 1
                             from fact_finance_map m
                            where m.map = case when s.kind = 'expense' then 'msdyn_expenses'
                                               else 'msdyn_projectvendorinvoicelines' end
                              and m.backlog
                              and m.carries)) as document_in_flight,
       r.reason = 'not_synced_to_operations' as document_not_captured,
       -- in operations
       r.reason = 'not_approved'
           and exists (select 1
                         from fact_operations_problem p
                        where p.record_id = r.line_id
                          and p.process = 'approve'
                          and not exists (select 1
                                            from fact_operations_problem_over o
                                           where o.problem_id = p.problem_id)) as approval_refused,
       r.reason = 'not_approved'
           and exists (select 1
                         from fact_verification v
                        where v.line_id = r.line_id
                          and v.outcome = 'rejected')
           and not exists (select 1
                             from fact_verification v
                            where v.line_id = r.line_id
                              and v.outcome = 'verified') as verification_rejected,
       r.reason = 'not_approved'
           and exists (select 1
                         from fact_document d
                        where d.line_id = r.line_id
                          and d.manual_verification)
           and not exists (select 1
                             from fact_verification v
                            where v.line_id = r.line_id
                              and v.outcome = 'verified') as awaits_verification,
       r.reason = 'not_approved' as waits_for_approval,
       -- its cost was left out of staging, and no other is on its way
       r.reason in ('no_actual', 'actual_not_synced_back')
           and exists (select 1
                         from reconciliation_left_out o
                        where o.source_id = r.line_id
                          and o.company_code = s.company_code
                          and o.transaction_type = s.cost_type)
           and not exists (select 1
                             from reconciliation_actual_cause c
                            where c.source_id = r.line_id
                              and c.company_code = s.company_code
                              and c.transaction_type = s.cost_type) as left_out,
       r.reason = 'no_actual' as no_actual,
       -- on its way back
       r.reason = 'actual_not_synced_back'
           and exists (select 1
                         from fact_actual a
                         join fact_source_line f on f.line_id = a.source_id
                          and f.company_code = a.company_code
                          and f.cost_type = a.transaction_type
                        where a.source_id = r.line_id
                          and a.skip_sync) as skip_sync_is_wrong,
       r.reason = 'actual_not_synced_back'
           and exists (select 1
                         from fact_actual a
                         join reconciliation_actual_cause c on c.actual_id = a.actual_id
                        where a.source_id = r.line_id
                          and a.transaction_type = s.cost_type
                          and c.cause = 'RC-03a') as actual_refused,
       r.reason = 'actual_not_synced_back'
           and exists (select 1
                         from fact_actual a
                         join reconciliation_actual_cause c on c.actual_id = a.actual_id
                        where a.source_id = r.line_id
                          and a.transaction_type = s.cost_type
                          and c.cause = 'RC-03c') as actual_waits_for_its_map,
       r.reason = 'actual_not_synced_back'
           and exists (select 1
                         from fact_actual a
                         join reconciliation_actual_cause c on c.actual_id = a.actual_id
                        where a.source_id = r.line_id
                          and a.transaction_type = s.cost_type
                          and c.cause = 'RC-00b') as actual_in_flight,
       r.reason = 'actual_not_synced_back' as actual_not_captured,
       r.reason = 'not_imported'
           and exists (select 1
                         from reconciliation_staged g
                         join fact_source_line f on f.line_id = g.source_id
                          and f.company_code = g.company_code
                          and f.cost_type = g.transaction_type
                         join fact_finance_problem p on p.record_id = g.actual_id
                        where g.source_id = r.line_id
                          and p.process = 'import_from_staging'
                          and not exists (select 1
                                            from fact_finance_problem_over o
                                           where o.problem_id = p.problem_id)) as import_refused,
       r.reason = 'not_imported'
           and exists (select 1
                         from reconciliation_awaiting_validation w
                        where w.source_id = r.line_id
                          and w.company_code = s.company_code
                          and w.transaction_type = s.cost_type
                          and not w.is_due) as validation_in_flight,
       r.reason = 'not_imported'
           and exists (select 1
                         from reconciliation_awaiting_validation w
                        where w.source_id = r.line_id
                          and w.company_code = s.company_code
                          and w.transaction_type = s.cost_type
                          and w.is_due) as validation_not_run,
       r.reason = 'not_imported' as not_imported,
       r.reason = 'refused' as posting_refused,
       r.reason = 'draft' as not_posted,
       -- home, but not as it went out
       r.state = 'reconciled'
           and r.credited_amount <> r.accounting_amount
           and (select sum(case when j.accounting_amount * s.accounting_amount > 0 then 1
                                when j.accounting_amount * s.accounting_amount < 0 then -1
                                else 0 end)
                  from fact_journal_line j
                  join fact_posting p on p.line_id = j.line_id
                 where j.source_id = s.line_id
                   and j.company_code = s.company_code
                   and j.transaction_type = s.cost_type) > 1 as cleared_twice,
       r.state = 'reconciled'
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                         join fact_source_line f on f.line_id = j.source_id
                          and f.company_code = j.company_code
                          and f.cost_type = j.transaction_type
                        where j.source_id = r.line_id
                          and j.accounting_amount <> 0
                          and not exists (select 1
                                            from fact_ledger_entry e
                                           where e.source_line_id = j.source_id
                                             and e.document_id = j.line_id
                                             and e.account = f.account)) as cleared_elsewhere,
       r.state = 'reconciled'
           and r.credited_amount <> r.accounting_amount
           and r.credited_amount = 0 as came_back_as_zero,
       r.state = 'reconciled'
           and r.other_rate_count > 0
           -- also where the cost is the same; not what was reversed as it came
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                        where j.source_id = s.line_id
                          and j.company_code = s.company_code
                          and j.transaction_type = s.cost_type
                          and (j.currency_code <> s.currency_code
                               or j.exchange_rate <> s.exchange_rate)
                        group by j.currency_code, j.exchange_rate
                       having sum(j.amount) <> 0) as rate_differs,
       r.state = 'reconciled'
           and r.credited_amount <> r.accounting_amount
           and exists (select 1
                         from fact_integration_account i
                        where i.company_code = s.company_code
                          and i.kind = s.kind
                          and i.currency_code <> s.currency_code
                          and r.credited_amount - r.accounting_amount
                              between case when i.currency_digits = 0 then -1
                                           when i.currency_digits = 1 then -0.1
                                           when i.currency_digits = 2 then -0.01
                                           when i.currency_digits = 3 then -0.001
                                           else -0.0001 end
                                  and case when i.currency_digits = 0 then 1
                                           when i.currency_digits = 1 then 0.1
                                           when i.currency_digits = 2 then 0.01
                                           when i.currency_digits = 3 then 0.001
                                           else 0.0001 end) as rounding_differs,
       r.state = 'reconciled'
           and r.credited_amount <> r.accounting_amount
           and s.tax_amount <> 0
           -- in the currency of the document, as its tax is
           and (select case when sum(j.amount) > s.amount then sum(j.amount) - s.amount
                            else s.amount - sum(j.amount) end
                  from fact_journal_line j
                  join fact_posting p on p.line_id = j.line_id
                 where j.source_id = s.line_id
                   and j.company_code = s.company_code
                   and j.transaction_type = s.cost_type
                   and j.currency_code = s.currency_code)
               = case when s.tax_amount > 0 then s.tax_amount else -s.tax_amount end as tax_differs,
       r.state = 'reconciled'
           and r.credited_amount <> r.accounting_amount as amount_differs,
       r.state = 'reconciled'
           and exists (select 1
                         from fact_ledger_entry d
                         join fact_ledger_entry e on e.source_line_id = d.source_line_id
                          and e.account = d.account
                        where d.source_line_id = r.line_id
                          and d.account = s.account
                          and d.document_id = s.document_id
                          and e.document_kind = 'integration_journal_line'
                          and e.dimension_set_id <> d.dimension_set_id) as dimensions_differ,
       r.staged_count > 0
           and exists (select 1
                         from reconciliation_staged g
                        where g.source_id = r.line_id
                          and not exists (select 1
                                            from fact_actual a
                                           where a.actual_id = g.actual_id))
           or r.reason = 'not_imported'
           and exists (select 1
                         from reconciliation_staged g
                         join fact_source_line f on f.line_id = g.source_id
                          and f.company_code = g.company_code
                          and f.cost_type = g.transaction_type
                         join fact_finance_problem p on p.record_id = g.actual_id
                        where g.source_id = r.line_id
                          and p.process = 'validate_actuals'
                          and not exists (select 1
                                            from fact_finance_problem_over o
                                           where o.problem_id = p.problem_id)) as rolled_back,
       r.state = 'reconciled'
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                         join fact_source_line f on f.line_id = j.source_id
                          and f.company_code = j.company_code
                          and f.cost_type = j.transaction_type
                        where j.source_id = r.line_id
                          and p.day <> f.day
                          and not exists (select 1
                                            from fact_period c
                                           where c.company_code = f.company_code
                                             and c.kind = 'operating'
                                             and f.accounting_date between c.starts and c.ends
                                             and p.accounting_date between c.starts and c.ends)) as period_shifted,
       -- what travels beside a line; what the other side refused is not lost: its reason stands in the log
       r.posted_count > 0
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                         join reconciliation_refused_by_operations n on n.record_id = j.line_id
                        where j.source_id = r.line_id
                          and not exists (select 1
                                            from fact_write_back b
                                           where b.line_id = j.line_id)) as write_back_refused,
       r.posted_count > 0
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                        where j.source_id = r.line_id
                          and not exists (select 1 from fact_write_back b where b.line_id = j.line_id)
                          and not exists (select 1
                                            from fact_finance_owed w
                                           where w.key = j.line_id
                                             and w.map = 'msdyn_actuals_posting')
                          and not exists (select 1
                                            from fact_finance_map m
                                           where m.map = 'msdyn_actuals_posting'
                                             and m.backlog)
                          and not exists (select 1
                                            from reconciliation_refused_by_operations n
                                           where n.record_id = j.line_id)) as write_back_lost,
       r.posted_count > 0
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                         join fact_finance_map m on m.map = 'msdyn_actuals_posting'
                        where j.source_id = r.line_id
                          and not m.carries
                          and (m.backlog
                               or exists (select 1
                                            from fact_finance_owed w
                                           where w.key = j.line_id
                                             and w.map = m.map))
                          and not exists (select 1
                                            from fact_write_back b
                                           where b.line_id = j.line_id)) as write_back_waits_for_its_map,
       exists (select 1
                 from fact_actual a
                 join fact_connection c on c.actual_id = a.actual_id
                 join reconciliation_refused_by_finance n on n.record_id = c.connection_id
                where a.source_id = r.line_id
                  and not exists (select 1
                                    from fact_staged_connection t
                                   where t.connection_id = c.connection_id)) as connection_refused,
       exists (select 1
                 from fact_actual a
                 join fact_connection c on c.actual_id = a.actual_id
                where a.source_id = r.line_id
                  and not exists (select 1 from fact_staged_connection t where t.connection_id = c.connection_id)
                  and not exists (select 1
                                    from fact_operations_owed w
                                   where w.key = c.connection_id
                                     and w.map = 'msdyn_transactionconnections')
                  and not exists (select 1
                                    from fact_operations_map m
                                   where m.map = 'msdyn_transactionconnections'
                                     and m.backlog)
                  and not exists (select 1
                                    from reconciliation_refused_by_finance n
                                   where n.record_id = c.connection_id)) as connection_lost,
       exists (select 1
                 from fact_actual a
                 join fact_connection c on c.actual_id = a.actual_id
                 join fact_operations_map m on m.map = 'msdyn_transactionconnections'
                where a.source_id = r.line_id
                  and not m.carries
                  and (m.backlog
                       or exists (select 1
                                    from fact_operations_owed w
                                   where w.key = c.connection_id
                                     and w.map = m.map))
                  and not exists (select 1
                                    from fact_staged_connection t
                                   where t.connection_id = c.connection_id)) as connection_waits_for_its_map,
       r.kind = 'vendor_invoice_line'
           and r.reason <> 'not_synced_to_operations'
           and not exists (select 1 from fact_invoice_header h where h.document_id = s.document_id)
           and exists (select 1
                         from reconciliation_refused_by_operations n
                        where n.record_id = s.document_id) as header_refused,
       r.kind = 'vendor_invoice_line'
           and r.reason <> 'not_synced_to_operations'
           and not exists (select 1 from fact_invoice_header h where h.document_id = s.document_id)
           and not exists (select 1
                             from fact_finance_owed w
                            where w.key = s.document_id
                              and w.map = 'msdyn_projectvendorinvoices')
           and not exists (select 1
                             from fact_finance_map m
                            where m.map = 'msdyn_projectvendorinvoices'
                              and m.backlog)
           and not exists (select 1
                             from reconciliation_refused_by_operations n
                            where n.record_id = s.document_id) as header_lost,
       r.kind = 'vendor_invoice_line'
           and r.reason <> 'not_synced_to_operations'
           and not exists (select 1 from fact_invoice_header h where h.document_id = s.document_id)
           and exists (select 1
                         from fact_finance_map m
                        where m.map = 'msdyn_projectvendorinvoices'
                          and not m.carries
                          and (m.backlog
                               or exists (select 1
                                            from fact_finance_owed w
                                           where w.key = s.document_id
                                             and w.map = m.map))) as header_waits_for_its_map,
       r.posted_count > 0
           and exists (select 1
                         from fact_journal_line j
                         join fact_posting p on p.line_id = j.line_id
                        where j.source_id = r.line_id
                          and not exists (select 1
                                            from fact_write_back b
                                           where b.line_id = j.line_id)) as write_back_in_flight
  from reconciliation_line_state r
  join fact_source_line s on s.line_id = r.line_id;
