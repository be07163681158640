-- question:   Where do the refused lines of these journals go? Each journal's into one of its own, in error, in their
--             order; it names the journal it was made for.
-- grain:      one row of finance_integration_journal per journal, one of finance_journal_line_move per refused line, one
--             step of either journal; reports the number of lines
-- parameters: company, journals, sizes, prefix, digits, first_number, moved_by
-- index:      finance_integration_journal_pkey, finance_journal_line_key, finance_journal_move_key,
--             finance_journal_move_place, finance_voucher_document_id_key
with asked as materialized (
    select a.journal_id, a.size, a.place
    from unnest(%(journals)s::bigint[], %(sizes)s::int[]) with ordinality as a (journal_id, size, place)
),
made as (
    insert into finance_integration_journal (
        company_code, number, kind, period_key, status, line_count, last_line, line_limit, original_id, posted_by
    )
    select
        %(company)s, finance_number(%(prefix)s, %(digits)s, %(first_number)s + a.place - 1), j.kind, j.period_key,
        'error', a.size, a.size, j.line_limit, j.id, ''
    from asked a
    join finance_integration_journal j on j.id = a.journal_id
    order by a.place
    returning id, original_id, line_count
),
left_behind as (
    update finance_integration_journal j
    set line_count = j.line_count - a.size
    from asked a
    where j.id = a.journal_id
),
stepped as (
    insert into finance_journal_step (journal_id, step, status, lines, done_by)
    select m.original_id, 'transfer', 'processing', m.line_count, %(moved_by)s from made m
    union all
    select m.id, 'refuse', 'error', m.line_count, %(moved_by)s from made m
)
insert into finance_journal_line_move (line_id, from_journal_id, to_journal_id, line_number, moved_by)
select
    l.id, m.original_id, m.id, row_number() over (partition by m.id order by l.line_number), %(moved_by)s
from made m
join finance_standing_line l on l.journal_id = m.original_id
where not exists (select from finance_voucher v where v.document_id = l.id)
order by m.id, l.line_number
