-- question:   Which refused actuals need no further try, because they have a journal line by now?
-- grain:      one row of finance_staging_retry deleted per actual; reports their number
-- parameters: company
-- index:      finance_integration_journal_line_actual_id_key
delete from finance_staging_retry t
where t.company_code = %(company)s
    and (select l.id from finance_integration_journal_line l where l.actual_id = t.actual_id limit 1) is not null
