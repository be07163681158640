-- question:   What did operations answer about these journals? A confirmed one waits no longer; of another one the
--             attempt is counted. One that waits no longer is left alone, so that an answer can be kept twice.
-- grain:      one row per journal that still waits after a failure: its attempts, and the problem for the log
-- parameters: answers
-- index:      finance_general_journal_sync_pkey, finance_general_journal_confirmation_pkey
with answer as materialized (
    select *
    from jsonb_to_recordset(%(answers)s::jsonb) as a (
        journal_id uuid, confirmed_as text, code text, details jsonb
    )
),
confirmed as (
    delete from finance_general_journal_sync s
    using answer a
    where s.journal_id = a.journal_id and a.confirmed_as is not null
    returning s.journal_id, s.attempts, a.confirmed_as
),
kept as (
    insert into finance_general_journal_confirmation (journal_id, number, attempts)
    select c.journal_id, c.confirmed_as, c.attempts
    from confirmed c
    on conflict (journal_id) do nothing
),
failed as (
    update finance_general_journal_sync s
    set attempts = s.attempts + 1,
        code = a.code,
        details = a.details || jsonb_build_object('attempts', s.attempts + 1),
        tried_at = now()
    from answer a
    where s.journal_id = a.journal_id and a.confirmed_as is null
    returning s.journal_id, s.company_code, s.attempts, s.code, s.details
)
select
    f.code,
    f.company_code,
    'general_journal' as record_kind,
    f.journal_id as record_id,
    j.number as record_name,
    f.details::text as details,
    f.attempts
from failed f
join finance_general_journal j on j.id = f.journal_id
order by f.journal_id
