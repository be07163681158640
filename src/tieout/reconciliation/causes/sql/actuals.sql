-- question:   Why have actuals of the company not arrived in finance (finance spec 3.7)?
-- grain:      one row per cause and kind of source
-- parameters: company
-- index:      none: one anti-join of actuals and staging
select cause, source_kind, count(*) as actuals, min(created_at) as oldest
  from reconciliation_actual_cause
 where company_code = %(company)s
 group by cause, source_kind
 order by cause, source_kind
