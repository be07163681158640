-- question:   Which lines of a journal are deleted? Those of line_numbers (null: all) that no voucher has posted.
-- grain:      one row of finance_journal_line_move and one of finance_staging_retry per line; one row with their number
-- parameters: journal_id, line_numbers, company, done_by
-- index:      finance_journal_line_key, finance_journal_move_place, finance_voucher_document_id_key,
--             finance_staging_retry_pkey
with chosen as materialized (
    select l.id, l.actual_id, l.line_number
    from finance_standing_line l
    where l.journal_id = %(journal_id)s
        and (%(line_numbers)s::int[] is null or l.line_number = any(%(line_numbers)s::int[]))
        and (select v.id from finance_voucher v where v.document_id = l.id limit 1) is null
),
gone as (
    insert into finance_journal_line_move (line_id, from_journal_id, moved_by)
    select c.id, %(journal_id)s, %(done_by)s
    from chosen c
    order by c.line_number
    returning line_id
),
waiting as (
    insert into finance_staging_retry (actual_id, company_code, code, attempts)
    select c.actual_id, %(company)s, '', 0
    from chosen c
    order by c.actual_id
    on conflict (actual_id) do nothing
)
select count(*) as lines, coalesce(array_agg(g.line_id), '{}') as line_ids from gone g
