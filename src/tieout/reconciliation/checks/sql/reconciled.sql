-- question:   Which lines came back and are posted, all their actuals (finance spec 3.4)?
-- grain:      one row per source line
-- parameters: company, kind, first_day, last_day
-- index:      fact_source_line_window
select line_id, kind, company_code, account, day, accounting_amount,
       staged_count, posted_count, credited_amount, state, reason
  from reconciliation_line_state
 where company_code = %(company)s
   and kind = %(kind)s
   and day between %(first_day)s and %(last_day)s
   and state = 'reconciled'
