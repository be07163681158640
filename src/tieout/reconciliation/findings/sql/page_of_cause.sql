-- question:   Which lines of one primary cause come next within a stretch? Run with a check in the place of the relation
--             (checks/queries.py)
-- grain:      one row per source line, in the order of the grid
-- parameters: company, kind, cause, after_day, after_line, until_day, until_line, reason, limit
-- index:      fact_source_line_window, fact_staged_source, fact_journal_line_actual, fact_posting_pkey
select l.line_id, l.day, l.state, l.reason, l.staged_count, l.posted_count, l.credited_amount
  from reconciliation_line_state l
  join reconciliation_line_cause c on c.line_id = l.line_id
 where (l.day, l.line_id) > (%(after_day)s, %(after_line)s)
   and (l.day, l.line_id) <= (%(until_day)s, %(until_line)s)
   and (%(reason)s = '' or l.reason = %(reason)s)
   and c.company_code = %(company)s
   and c.kind = %(kind)s
   and c.day between %(after_day)s and %(until_day)s
   and c.cause = %(cause)s
 order by l.day, l.line_id
 limit %(limit)s
