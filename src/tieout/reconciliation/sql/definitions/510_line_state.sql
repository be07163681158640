-- The base relation of every check: how far each source line has come (finance spec 3.2, 3.4). Portable (DESIGN D9).
--
-- staged_count   REF(x): actuals in staging that came from the line, in its company, of the type that returns its cost; not
--                those that were left out (505_left_out.sql)
-- posted_count   POSTED(x): those whose journal line is posted; all of them must be (finance spec 9, N9)
-- credited_amount  what their posted journal lines carry, in accounting currency: compared with the line's own cost
-- other_rate_count  posted journal lines in another currency or at another exchange rate than the document, whatever their
--                amount: they tell a zero balance that two errors made (finance spec 9, N15)
-- state          the three sets, which are disjoint and together all: missing actuals, missing journal lines, reconciled
-- reason         why it is not reconciled, empty when it is; the first hop that lacks it (finance spec 3.5). Looked up
--                only for the lines that need it, so that a line which has come home costs nothing more.
-- waiting_since  when the line took its latest step: posted, arrived in operations, decided by the project manager, approved,
--                its cost recorded, that arrived in finance, got a journal line, was posted. Since then it waits for the next
--                one. What was tried and failed is no step, and neither is Sync: they make nothing younger.
--
-- An actual has one journal line and a journal line one posting (finance's own keys), and is left out once at a time, so the
-- joins multiply nothing; what is left out has no journal line. All are outer joins of one chain: what stands in brackets
-- (reconciliation_staged) would be read whole for every page.
drop view if exists reconciliation_line_cause;
drop view if exists reconciliation_line_sign;
drop view if exists reconciliation_line_state;
create view reconciliation_line_state as
select r.line_id,
       r.kind,
       r.company_code,
       r.account,
       r.day,
       r.accounting_amount,
       r.staged_count,
       r.posted_count,
       r.credited_amount,
       r.other_rate_count,
       case when r.staged_count = 0 then 'missing_actuals'
            when r.posted_count < r.staged_count then 'missing_journal_lines'
            else 'reconciled' end as state,
       case when r.staged_count > 0 and r.posted_count = r.staged_count then ''
            when r.staged_count = 0 then
                case when not exists (select 1 from fact_document d where d.line_id = r.line_id)
                         then 'not_synced_to_operations'
                     when not exists (select 1 from fact_approval v where v.document_id = r.line_id)
                         then 'not_approved'
                     when not exists (select 1 from fact_actual a
                                       where a.source_id = r.line_id
                                         and a.company_code = r.company_code
                                         and a.transaction_type = r.cost_type)
                         then 'no_actual'
                     else 'actual_not_synced_back' end
            when r.journal_line_count < r.staged_count then 'not_imported'
            when exists (select 1
                           from fact_journal_line j
                           join fact_line_error e on e.line_id = j.line_id
                          where j.source_id = r.line_id
                            and not exists (select 1 from fact_posting p where p.line_id = j.line_id))
                then 'refused'
            else 'draft' end as reason,
       case when r.staged_count = 0 then
                coalesce((select max(a.created_at)
                            from fact_actual a
                           where a.source_id = r.line_id
                             and a.company_code = r.company_code
                             and a.transaction_type = r.cost_type),
                         (select max(v.approved_at) from fact_approval v where v.document_id = r.line_id),
                         (select max(c.decided_at) from fact_verification c where c.line_id = r.line_id),
                         (select d.arrived_at from fact_document d where d.line_id = r.line_id),
                         r.posted_at)
            when r.journal_line_count < r.staged_count then
                (select max(g.arrived_at)
                   from reconciliation_staged g
                  where g.source_id = r.line_id
                    and g.company_code = r.company_code
                    and g.transaction_type = r.cost_type
                    and not exists (select 1 from fact_journal_line j where j.actual_id = g.actual_id))
            when r.posted_count < r.staged_count then
                -- a line that was put into a draft made earlier waits there since it arrived
                (select max(case when j.made_at > g.arrived_at then j.made_at else g.arrived_at end)
                   from reconciliation_staged g
                   join fact_journal_line j on j.actual_id = g.actual_id
                  where g.source_id = r.line_id
                    and g.company_code = r.company_code
                    and g.transaction_type = r.cost_type
                    and not exists (select 1 from fact_posting p where p.line_id = j.line_id))
            else (select max(p.posted_at)
                    from fact_journal_line j
                    join fact_posting p on p.line_id = j.line_id
                   where j.source_id = r.line_id
                     and j.company_code = r.company_code
                     and j.transaction_type = r.cost_type) end as waiting_since
  from (select s.line_id,
               s.kind,
               s.company_code,
               s.account,
               s.day,
               s.accounting_amount,
               s.cost_type,
               s.posted_at,
               count(case when o.actual_id is null then g.actual_id end) as staged_count,
               count(j.line_id) as journal_line_count,
               count(p.line_id) as posted_count,
               coalesce(sum(case when p.line_id is not null then j.accounting_amount end), 0) as credited_amount,
               sum(case when p.line_id is not null
                         and (j.currency_code <> s.currency_code or j.exchange_rate <> s.exchange_rate) then 1
                        else 0 end) as other_rate_count
          from fact_source_line s
          left join fact_staged g
            on g.source_id = s.line_id and g.company_code = s.company_code and g.transaction_type = s.cost_type
          left join reconciliation_standing_left_out o on o.actual_id = g.actual_id
          left join fact_journal_line j on j.actual_id = g.actual_id
          left join fact_posting p on p.line_id = j.line_id
         where s.needs_journal
         group by s.line_id, s.kind, s.company_code, s.account, s.day, s.accounting_amount, s.cost_type,
                  s.posted_at) r;
