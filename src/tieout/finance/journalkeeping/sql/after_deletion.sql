-- question:   What becomes of a journal whose lines were deleted? Posted when all that remains is posted, deleted when
--             nothing remains, else what it was.
-- grain:      one row of finance_integration_journal updated, and one step; reports their number
-- parameters: journal_id, lines, done_by
-- index:      finance_integration_journal_pkey, finance_journal_line_key, finance_voucher_document_id_key
with rest as materialized (
    select
        count(*) as lines,
        count(*) filter (where exists (select from finance_voucher v where v.document_id = l.id)) as posted
    from finance_standing_line l
    where l.journal_id = %(journal_id)s
),
kept as (
    update finance_integration_journal j
    set line_count = r.lines,
        status = case
            when r.lines = 0 then 'deleted'
            when r.lines = r.posted then 'posted'
            else j.status
        end,
        posted_at = case when r.lines > 0 and r.lines = r.posted then now() end,
        posted_by = case when r.lines > 0 and r.lines = r.posted then %(done_by)s else '' end
    from rest r
    where j.id = %(journal_id)s
    returning j.id, j.status
)
insert into finance_journal_step (journal_id, step, status, lines, done_by)
select k.id, 'delete', k.status, %(lines)s, %(done_by)s
from kept k
