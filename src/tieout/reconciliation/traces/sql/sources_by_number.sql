-- question:   From which source lines or entries does this number come: of a document, journal or voucher, or of a line
--             of a document or journal?
-- grain:      one row per source
-- parameters: number, line_of, line_number, limit
-- index:      none: a number is looked up by a person, and rarely
select source_id
  from (select line_id as source_id
          from fact_source_line
         where document_number = %(number)s
            or voucher = %(number)s
            or (document_number = %(line_of)s and line_number = %(line_number)s)
        union
        select source_id
          from fact_journal_line
         where journal_number = %(number)s
            or voucher = %(number)s
            or (journal_number = %(line_of)s and line_number = %(line_number)s)) as found
 order by source_id
 limit %(limit)s
