-- question:   Why are actuals of the company not home, of whatever date (finance spec 3.7, 4)?
-- grain:      one row per cause, kind of source, transaction type and currency, and whether a document line tells it too
-- parameters: company
-- index:      none: one pass over the actuals of the company
select cause,
       source_kind,
       transaction_type,
       currency_code,
       of_line,
       count(*) as actuals,
       sum(amount) as amount,
       min(waiting_since) as oldest
  from reconciliation_actual_state
 where company_code = %(company)s
   and cause <> ''
 group by cause, source_kind, transaction_type, currency_code, of_line
 order by cause, source_kind, transaction_type, currency_code, of_line
