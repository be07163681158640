-- question:   To which documents do these lines belong?
-- grain:      one row per source line
-- parameters: lines
-- index:      fact_source_line_pkey
select line_id, document_id
  from fact_source_line
 where line_id = any(%(lines)s)
