-- question:   Which journals of a company does this run take in hand? Those that are draft, and those that a run had in
--             hand that was lost: only one run of a company is alive.
-- grain:      one row per journal, oldest first, at most journals_max; each is processing then
-- parameters: company, run_id, after, numbers, journals_max, done_by
-- index:      finance_journal_unposted
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
select t.id, t.last_line from taken t order by t.id
