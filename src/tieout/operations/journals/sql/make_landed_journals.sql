-- question:   Which journals of the landed lines are not there yet? They are made, as drafts of entry journals.
-- grain:      one row per journal that is made
-- parameters: made_by
-- index:      operations_journal_number
with made as (
    insert into operations_journal (company_code, number, journal_type, made_by)
    select landed.company_code, landed.journal, 'entry', %(made_by)s
    from (
        select company_code, journal, min(row_number) as place
        from landed_journal_line
        group by company_code, journal
    ) as landed
    order by landed.place
    on conflict (company_code, number) do nothing
    returning id, company_code
)
insert into operations_open_journal (journal_id, company_code, journal_type, description)
select id, company_code, 'entry', ''
from made
