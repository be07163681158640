-- question:   From which source lines or entries does this identifier come?
-- grain:      one row per source
-- parameters: id, limit
-- index:      the primary keys; none for a document's own identifier
select source_id
  from (select line_id as source_id from fact_source_line where line_id = %(id)s or document_id = %(id)s
        union select document_id from fact_approval where document_id = %(id)s
        union select source_id from fact_actual where actual_id = %(id)s or source_id = %(id)s
        union select source_id from fact_staged where actual_id = %(id)s or source_id = %(id)s
        union select source_id from fact_journal_line where line_id = %(id)s) as found
 order by source_id
 limit %(limit)s
