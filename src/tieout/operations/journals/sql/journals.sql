-- question:   Which journals does a company have, the newest first?
-- grain:      one row per journal
-- parameters: company, before, state, row_limit
-- index:      operations_journal_of, operations_open_journal_pkey, operations_journal_outcome_pkey,
--             operations_open_journal_line_key, operations_taken_actual_of, operations_journal_line_key
select
    journal.id, journal.number, journal.journal_type, coalesce(outcome.outcome, 'draft') as state,
    coalesce(open.description, outcome.description, '') as description, journal.made_by, journal.made_at,
    outcome.done_by, outcome.done_at,
    case
        when outcome.journal_id is not null
            then (select count(*) from operations_journal_line as line where line.journal_id = journal.id)
        when journal.journal_type = 'entry'
            then (select count(*) from operations_open_journal_line as line where line.journal_id = journal.id)
        else (select count(*) from operations_taken_actual as taken where taken.journal_id = journal.id)
    end as lines
from operations_journal as journal
left join operations_open_journal as open on open.journal_id = journal.id
left join operations_journal_outcome as outcome on outcome.journal_id = journal.id
where journal.company_code = %(company)s
    and (%(before)s::uuid is null or journal.id < %(before)s::uuid)
    and %(state)s in ('', coalesce(outcome.outcome, 'draft'))
order by journal.id desc
limit %(row_limit)s
