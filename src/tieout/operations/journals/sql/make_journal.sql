-- question:   Make a draft under this number; without one, under the next of our own. With a key where somebody else gave it one.
-- grain:      one row per journal that is made; none where the number is taken
-- parameters: journal_id, company, number, journal_type, description, made_by
-- index:      operations_journal_number
with made as (
    insert into operations_journal (id, company_code, number, journal_type, made_by)
    select
        coalesce(%(journal_id)s::uuid, tieout_id()),
        %(company)s,
        case
            when %(number)s <> '' then %(number)s
            else 'J' || lpad((coalesce(max(substr(last.number, 2)::bigint), 0) + 1)::text, 8, '0')
        end,
        %(journal_type)s, %(made_by)s
    from (
        select number
        from operations_journal
        where company_code = %(company)s and number between 'J00000000' and 'J99999999' and number ~ '^J[0-9]{8}$'
        order by number desc
        limit 1
    ) as last
    on conflict (company_code, number) do nothing
    returning id, number
)
insert into operations_open_journal (journal_id, company_code, journal_type, description)
select made.id, %(company)s, %(journal_type)s, %(description)s
from made
returning journal_id, (select number from made) as number
