-- What became of each actual that arrived: its journal line, else why it has none: refused (with the reason), deleted or
-- beginning (it waits for the next import of its kind), waiting (its delivery batch is not imported). Where the company
-- prevalidates: pending (operations was not asked for it yet), invalid (with the reason), valid (the next import takes it);
-- left_out: somebody left it out when it was invalid, and no import takes it.
-- One row per actual. One that has no journal line stands in finance_staging_retry, in an open batch of finance_intake, or in
-- finance_left_out.
drop view if exists finance_staged_row;
create view finance_staged_row as
select s.actual_id, s.company_code, s.arrived_at, s.transaction_type, s.transaction_class, s.source_kind,
       coalesce(o.number, '') as project, s.subcontract, s.transaction_date, s.accounting_date, s.amount, s.currency_code,
       coalesce(y.digits, 2) as digits, s.accounting_amount, w.state,
       case when w.state in ('refused', 'invalid') then t.code end as code, coalesce(t.attempts, 0) as attempts,
       g.details::text as details, l.journal, l.line_number, l.voucher, c.checked_at,
       coalesce(e.left_out_by, '') as left_out_by, coalesce(e.reason, '') as left_out_because
  from finance_staged_actual s
  left join finance_staging_retry t on t.actual_id = s.actual_id
  left join finance_project o on o.id = s.project_id
  left join finance_currency y on y.code = s.currency_code
  left join finance_integration_parameters p on p.company_code = s.company_code
  left join finance_intake i on i.batch_id = s.batch_id and i.company_code = s.company_code
  left join lateral (select j.number as journal, x.line_number, x.voucher
                       from finance_standing_line x
                       join finance_integration_journal j on j.id = x.journal_id
                      where x.actual_id = s.actual_id
                      limit 1) l on true
  left join lateral (select f.left_out_by, f.reason
                       from finance_left_out f
                      where f.actual_id = s.actual_id
                        and not exists (select from finance_taken_back_in b where b.left_out_id = f.id)
                      limit 1) e on true
 cross join lateral (select case when l.journal is not null then 'journalised'
                                 when e.left_out_by is not null then 'left_out'
                                 when p.prevalidation and t.validation <> 'valid' then t.validation
                                 when p.prevalidation and t.actual_id is null
                                     then case when i.prevalidated_at is null then 'pending' else 'valid' end
                                 when t.code <> '' then 'refused'
                                 when t.waits_for = 'beginning_balances' then 'beginning'
                                 when p.prevalidation then 'valid'
                                 when t.actual_id is not null then 'deleted'
                                 else 'waiting' end as state) w
  left join lateral (select y.details
                       from problem_log y
                      where y.record_id = s.actual_id and y.code = t.code
                      order by y.id desc
                      limit 1) g on w.state in ('refused', 'invalid')
  left join lateral (select v.checked_at
                       from finance_prevalidation v
                      where v.actual_id = s.actual_id
                      order by v.id desc
                      limit 1) c on p.prevalidation;
