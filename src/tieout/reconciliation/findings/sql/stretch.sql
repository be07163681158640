-- question:   Where does the next stretch of source lines end, and how many lines has it?
-- grain:      one row: the last line of the stretch, or none when there are no more lines
-- parameters: company, kind, first_day, last_day, after_day, after_line, size
-- index:      fact_source_line_window
select day, line_id, line_count
  from (select day, line_id, count(*) over () as line_count
          from (select day, line_id
                  from fact_source_line
                 where company_code = %(company)s
                   and kind = %(kind)s
                   and day between %(first_day)s and %(last_day)s
                   and (day, line_id) > (%(after_day)s, %(after_line)s)
                 order by day, line_id
                 limit %(size)s) as stretch) as counted
 order by day desc, line_id desc
 limit 1
