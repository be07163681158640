-- question:   What arrived for a company, and what became of each actual (038_staged_row.sql)?
-- grain:      one row per actual of these states (null: any), in the order of their keys, at most rows_max after `after`
-- parameters: company, states, after, rows_max
-- index:      finance_staged_actual_pkey, finance_journal_line_made, finance_journal_move_key,
--             finance_staging_retry_pkey, problem_log_record, finance_intake_key, finance_prevalidation_of, finance_left_out_of
select
    s.actual_id, s.arrived_at, s.transaction_type, s.transaction_class, s.source_kind, s.project, s.subcontract, s.transaction_date,
    s.accounting_date, s.amount, s.currency_code, s.digits, s.accounting_amount, s.state, s.code, s.attempts, s.details,
    s.journal, s.line_number, s.voucher, s.checked_at, s.left_out_by, s.left_out_because
from finance_staged_row s
where s.company_code = %(company)s
    and s.actual_id > %(after)s
    and (%(states)s::text[] is null or s.state = any(%(states)s::text[]))
order by s.actual_id
limit %(rows_max)s
