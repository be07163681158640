-- question:   Why have these actuals not arrived in finance?
-- grain:      one row per actual that has not
-- parameters: company, actual_ids
-- index:      fact_actual_pkey, fact_staged_pkey
select actual_id, cause
  from reconciliation_actual_cause
 where company_code = %(company)s
   and actual_id = any(%(actual_ids)s)
