-- question:   Which journals of a company does this run take in hand? Those that are draft, and those that a run had in
--             hand that was lost: only one run of a company is alive.
-- grain:      one row per journal, oldest first, at most journals_max; each is processing then. reverses: it has a line
--             that reverses another; takes_back: one of another journal that is not posted
-- parameters: company, run_id, after, numbers, journals_max, done_by
-- index:      finance_journal_unposted, finance_journal_line_reversals, finance_journal_line_made,
--             finance_journal_move_key, finance_journal_move_place, finance_voucher_document_id_key
with free as (
    select j.id
    from finance_integration_journal j
    where j.company_code = %(company)s
        and (j.status = 'draft' or j.status = 'processing' and j.run_id <> %(run_id)s)
        and j.id > %(after)s
        and (%(numbers)s::text[] is null or j.number = any(%(numbers)s::text[]))
    order by j.id
    limit %(journals_max)s
    for update
),
taken as (
    update finance_integration_journal j
    set status = 'processing', run_id = %(run_id)s
    from free f
    where j.id = f.id
    returning j.id, j.line_count, j.last_line
),
stepped as (
    insert into finance_journal_step (journal_id, step, status, lines, done_by)
    select t.id, 'post', 'processing', t.line_count, %(done_by)s
    from taken t
)
-- Offset 0: journal by journal and reversal by reversal by index. As a join it reads every line there is, before a
-- batch that is newer than the statistics has posted its first.
select
    t.id,
    t.last_line,
    exists (
        select from finance_standing_line l where l.journal_id = t.id and l.reverses_id is not null offset 0
    ) as reverses,
    exists (
        select
        from (
            select l.reverses_id
            from finance_standing_line l
            where l.journal_id = t.id and l.reverses_id is not null
            offset 0
        ) r
        cross join lateral (
            select o.id
            from finance_standing_line o
            where o.actual_id = r.reverses_id and o.journal_id <> t.id
            offset 0
        ) o
        where not exists (select from finance_voucher v where v.document_id = o.id offset 0)
    ) as takes_back
from taken t
order by t.id
