-- question:   What is in the journals that a run has in hand? Asked after they are: a journal that import was filling has
--             waited for that, and what it brought counts.
-- grain:      one row per journal, oldest first. reverses: it has a line that reverses another; takes_back: one of another
--             journal that is not posted
-- parameters: journals
-- index:      finance_integration_journal_pkey, finance_journal_line_reversals, finance_journal_line_made,
--             finance_journal_move_key, finance_journal_move_place, finance_voucher_document_id_key
--
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
from finance_integration_journal t
where t.id = any(%(journals)s)
order by t.id
