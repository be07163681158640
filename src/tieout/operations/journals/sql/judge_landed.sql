-- question:   Which of the landed lines cannot be confirmed as things are? Strict validation of a pair is left to the
--             confirmation, when all lines are there.
-- grain:      one row per line that cannot, by its place
-- parameters: none
-- index:      operations_journal_number, operations_open_journal_line_key
select landed.row_number as "row", draft.code as outcome, draft.field, draft.stored, draft.value
from landed_journal_line as landed
inner join operations_journal as journal
    on journal.company_code = landed.company_code and journal.number = landed.journal
inner join operations_journal_draft(
    array(
        select distinct one.id
        from landed_journal_line as line
        inner join operations_journal as one on one.company_code = line.company_code and one.number = line.journal
    )
) as draft
    on draft.journal_id = journal.id and draft.line_number = landed.line_number
where draft.code not in ('', 'JRN-109')
