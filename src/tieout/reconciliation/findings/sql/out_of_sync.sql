-- question:   Which actuals of the company should be in finance and are not (finance spec 3.7)? Those that skip sync never
--             travel; all others must have arrived, whatever their date.
-- grain:      one row per kind of source document, transaction type and currency
-- parameters: company
-- index:      none: one anti-join of actuals and staging
select a.source_kind,
       a.transaction_type,
       a.currency_code,
       count(*) as line_count,
       sum(a.amount) as amount
  from fact_actual a
 where a.company_code = %(company)s
   and not a.skip_sync
   and not exists (select 1 from fact_staged g where g.actual_id = a.actual_id)
 group by a.source_kind, a.transaction_type, a.currency_code
 order by a.source_kind, a.transaction_type, a.currency_code
