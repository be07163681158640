-- question:   Which are these actuals, in the order of their keys, after a given one?
-- grain:      one row per actual
-- parameters: company, after, row_limit
-- index:      fact_actual_pkey, fact_staged_pkey
select a.actual_id
  from fact_actual a
 where a.company_code = %(company)s
   and a.actual_id > %(after)s
   and not a.skip_sync
   and not exists (select 1 from fact_staged g where g.actual_id = a.actual_id)
 order by a.actual_id
 limit %(row_limit)s
