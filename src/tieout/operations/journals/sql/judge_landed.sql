-- question:   Which lines of the journals that lines landed in cannot be confirmed as things are? Strict validation of a pair
--             is left to the confirmation, when all lines are there.
-- grain:      one row per line that cannot
-- parameters: none
-- index:      operations_journal_number, operations_open_journal_line_key
select
    draft.journal_company as company_code, draft.journal_number as journal, draft.line_number,
    draft.code as outcome, draft.field, draft.stored, draft.value
from operations_journal_draft(
    array(
        select distinct one.id
        from landed_journal_line as line
        inner join operations_journal as one on one.company_code = line.company_code and one.number = line.journal
    )
) as draft
where draft.code not in ('', 'JRN-109')
