-- question:   Which actuals of these lines should be in finance and are not?
-- grain:      one row per actual
-- parameters: lines
-- index:      fact_actual_source, fact_staged_pkey
select a.source_id as line_id, a.actual_id
  from fact_actual a
 where a.source_id = any(%(lines)s)
   and not a.skip_sync
   and not exists (select 1 from fact_staged g where g.actual_id = a.actual_id)
 order by a.source_id, a.actual_id
