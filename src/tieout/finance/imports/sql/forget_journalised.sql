-- question:   Which actuals that an import would try again need no further try, because they have a journal line by now?
-- grain:      one row of finance_staging_retry deleted per actual; reports their number
-- parameters: company
-- index:      finance_staging_retry_tried, finance_journal_line_made, finance_journal_move_key
delete from finance_staging_retry t
where t.company_code = %(company)s
    and t.waits_for <> 'invoice_proposal'
    and exists (
        select
        from finance_integration_journal_line l
        where l.actual_id = t.actual_id
            and not exists (
                select from finance_journal_line_move m where m.line_id = l.id and m.to_journal_id is null
            )
    )
