-- question:   Which lines of one primary cause come next within a stretch? Run with a check, and the causes of its lines,
--             in the place of the relation (checks/queries.py)
-- grain:      one row per source line, in the order of the grid
-- parameters: cause, after_day, after_line, until_day, until_line, reason, limit
-- index:      fact_source_line_window, fact_staged_source, fact_journal_line_actual, fact_posting_pkey
select line_id, day, state, reason, staged_count, posted_count, credited_amount
  from reconciliation_line_state
 where (day, line_id) > (%(after_day)s, %(after_line)s)
   and (day, line_id) <= (%(until_day)s, %(until_line)s)
   and (%(reason)s = '' or reason = %(reason)s)
   and cause = %(cause)s
 order by day, line_id
 limit %(limit)s
