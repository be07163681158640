-- question:   What is not reconciled and dated before the window?
-- grain:      one row
-- parameters: company, kind, first_day
-- index:      fact_source_line_window
select count(*) as line_count,
       coalesce(sum(accounting_amount), 0) as accounting_amount
  from reconciliation_line_state
 where company_code = %(company)s
   and kind = %(kind)s
   and day < %(first_day)s
   and state <> 'reconciled'
