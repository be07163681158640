-- question:   May this journal be posted again? One in error, or one whose run was lost.
-- grain:      one row of finance_integration_journal updated and one step, or none; reports their number
-- parameters: company, number, states, done_by
-- index:      finance_integration_journal_number
with back as (
    update finance_integration_journal j
    set status = 'draft', run_id = null
    where j.company_code = %(company)s
        and j.number = %(number)s
        and j.status = any(%(states)s::text[])
        and not exists (
            select
            from finance_posting_run r
            where r.id = j.run_id and r.ended_at is null and r.alive_until > now() and finance_is_held(r.lock_key)
        )
    returning j.id, j.line_count
)
insert into finance_journal_step (journal_id, step, status, lines, done_by)
select b.id, 'update_to_draft', 'draft', b.line_count, %(done_by)s
from back b
