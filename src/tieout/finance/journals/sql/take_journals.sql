-- question:   Which journals of a company does this run take in hand? Those that are draft, and those that a run had in
--             hand that was lost: only one run of a company is alive. A run that was lost itself takes nothing.
--             What is asked of them and null or empty leaves all.
-- grain:      one row in all: the journals, oldest first, at most journals_max; each is processing then
-- parameters: company, run_id, after, numbers, period_from, period_to, original, journals_max, done_by
-- index:      finance_journal_unposted, finance_posting_run_pkey, finance_integration_journal_number
with free as (
    select j.id
    from finance_integration_journal j
    where j.company_code = %(company)s
        and (j.status = 'draft' or j.status = 'processing' and j.run_id <> %(run_id)s)
        and j.id > %(after)s
        and (%(numbers)s::text[] is null or j.number = any(%(numbers)s::text[]))
        and (%(period_from)s::date is null or j.period_key >= %(period_from)s)
        and (%(period_to)s::date is null or j.period_key <= %(period_to)s)
        and (
            %(original)s = ''
            or j.original_id = (
                select o.id
                from finance_integration_journal o
                where o.company_code = %(company)s and o.number = %(original)s
            )
        )
        and exists (select from finance_posting_run r where r.id = %(run_id)s and r.ended_at is null)
    order by j.id
    limit %(journals_max)s
    for update
),
taken as (
    update finance_integration_journal j
    set status = 'processing', run_id = %(run_id)s
    from free f
    where j.id = f.id
    returning j.id, j.line_count
),
stepped as (
    insert into finance_journal_step (journal_id, step, status, lines, done_by)
    select t.id, 'post', 'processing', t.line_count, %(done_by)s
    from taken t
)
select coalesce(array_agg(t.id order by t.id), '{}') as journals
from taken t
