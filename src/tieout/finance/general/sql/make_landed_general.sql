-- question:   Which general journals of the landed lines are not there yet? They are made, as drafts.
-- grain:      one row per journal that is made
-- parameters: made_by
-- index:      finance_general_journal_number
with made as (
    insert into finance_general_journal (company_code, number, made_by)
    select landed.company_code, landed.journal, %(made_by)s
    from (
        select n.company_code, n.journal, min(n.row_number) as place
        from landed_general_line n
        group by n.company_code, n.journal
    ) landed
    order by landed.place
    on conflict (company_code, number) do nothing
    returning id, company_code
)
insert into finance_open_general_journal (journal_id, company_code, description)
select m.id, m.company_code, ''
from made m
