-- question:   Why are these actuals not home?
-- grain:      one row per actual that has a cause
-- parameters: actual_ids
-- index:      fact_actual_pkey, fact_staged_pkey, fact_journal_line_actual
select actual_id, company_code, cause
  from reconciliation_actual_state
 where actual_id = any(%(actual_ids)s)
   and cause <> ''
