-- question:   Which actuals of a delivery batch wait for the import of beginning balances? Those dated up to the cut-off, but
--             those of documents that were born in finance (take_intake.sql).
-- grain:      one row of finance_staging_retry per actual; reports their number
-- parameters: batch_id, company, beginning_balances_until, validation
-- index:      finance_staged_actual_batch, finance_staging_retry_pkey, finance_journal_line_made
insert into finance_staging_retry (actual_id, company_code, waits_for, validation, code, attempts)
select s.actual_id, %(company)s, 'beginning_balances', %(validation)s, '', 0
from finance_staged_actual s
where s.batch_id = %(batch_id)s
    and s.company_code = %(company)s
    and s.transaction_date <= %(beginning_balances_until)s
    and not finance_is_born_here(s.source_kind)
    and not exists (
        select
        from finance_integration_journal_line l
        where l.actual_id = s.actual_id
            and not exists (
                select from finance_journal_line_move m where m.line_id = l.id and m.to_journal_id is null
            )
    )
order by s.actual_id
on conflict (actual_id) do nothing
