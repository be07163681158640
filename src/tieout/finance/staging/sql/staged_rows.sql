-- question:   What arrived for a company, and what became of each actual? Its journal line, else why it has none: refused
--             (with the reason), deleted or beginning (it waits for the next import of its kind), waiting (its delivery
--             batch is not imported).
-- grain:      one row per actual of these states (null: any), in the order of their keys, at most rows_max after `after`
-- parameters: company, states, after, rows_max
-- index:      finance_staged_actual_pkey, finance_journal_line_made, finance_journal_move_key,
--             finance_staging_retry_pkey, problem_log_record
select
    s.actual_id, s.arrived_at, s.transaction_type, s.transaction_class, s.source_kind, coalesce(p.number, '') as project,
    s.subcontract,
    s.transaction_date, s.accounting_date, s.amount, s.currency_code, s.accounting_amount, w.state,
    case when w.state = 'refused' then t.code end as code, coalesce(t.attempts, 0) as attempts,
    g.details::text as details, l.journal, l.line_number, l.voucher
from finance_staged_actual s
left join finance_staging_retry t on t.actual_id = s.actual_id
left join finance_project p on p.id = s.project_id
left join lateral (
    select j.number as journal, x.line_number, x.voucher
    from finance_standing_line x
    join finance_integration_journal j on j.id = x.journal_id
    where x.actual_id = s.actual_id
    limit 1
) l on true
cross join lateral (
    select case
        when l.journal is not null then 'journalised'
        when t.code <> '' then 'refused'
        when t.waits_for = 'beginning_balances' then 'beginning'
        when t.actual_id is not null then 'deleted'
        else 'waiting'
    end as state
) w
left join lateral (
    select y.details
    from problem_log y
    where y.record_id = s.actual_id and y.code = t.code
    order by y.id desc
    limit 1
) g on w.state = 'refused'
where s.company_code = %(company)s
    and s.actual_id > %(after)s
    and (%(states)s::text[] is null or w.state = any(%(states)s::text[]))
order by s.actual_id
limit %(rows_max)s
