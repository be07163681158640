-- question:   Which general journal of a company has this number, who made it and put lines into it, what became of it,
--             and how far is operations with it?
-- grain:      one row, none for a number that the company does not have
-- parameters: company, number
-- index:      finance_general_journal_number, finance_open_general_journal_pkey, finance_open_general_journal_line_key
select
    j.id,
    j.number,
    coalesce(x.outcome, 'draft') as state,
    coalesce(o.description, x.description) as description,
    j.made_by,
    j.made_at,
    x.done_by,
    x.done_at,
    coalesce(x.lines, w.lines) as lines,
    coalesce(x.project_lines, w.project_lines) as project_lines,
    w.authors,
    s.attempts,
    s.code,
    s.details::text as details,
    c.number as confirmed_as
from finance_general_journal j
left join finance_open_general_journal o on o.journal_id = j.id
left join finance_general_journal_outcome x on x.journal_id = j.id
left join finance_general_journal_sync s on s.journal_id = j.id
left join finance_general_journal_confirmation c on c.journal_id = j.id
cross join lateral (
    select
        count(*)::integer as lines,
        count(l.project_id)::integer as project_lines,
        coalesce(array_agg(distinct l.entered_by::text), '{}') as authors
    from finance_open_general_journal_line l
    where l.journal_id = j.id
) w
where j.company_code = %(company)s and j.number = %(number)s
