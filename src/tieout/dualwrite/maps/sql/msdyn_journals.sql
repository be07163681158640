-- question:   What does operations get of a posted general journal?
-- grain:      one row per record of the batch
-- parameters: key_from, key_to, batch_id
-- index:      finance_general_journal_pkey, finance_general_journal_outcome_pkey
select
    j.id,
    j.company_code,
    j.number,
    x.description,
    x.project_lines as line_count,
    j.made_by,
    x.done_by as posted_by,
    %(batch_id)s::bigint as batch_id
from outbox_taken t
join finance_general_journal j on j.id = t.key
join finance_general_journal_outcome x on x.journal_id = j.id and x.outcome = 'posted'
where j.id between %(key_from)s::uuid and %(key_to)s::uuid
