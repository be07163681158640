-- question:   Which general journals has a company, newest first, and how far is operations with each?
-- grain:      one row per journal before `before` (null: from the newest), at most row_limit
-- parameters: company, state, before, row_limit
-- index:      finance_general_journal_of, finance_open_general_journal_line_key
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
    s.attempts,
    s.code,
    s.details::text as details,
    c.number as confirmed_as
from finance_general_journal j
left join finance_open_general_journal o on o.journal_id = j.id
left join finance_general_journal_outcome x on x.journal_id = j.id
left join finance_general_journal_sync s on s.journal_id = j.id
left join finance_general_journal_confirmation c on c.journal_id = j.id
left join lateral (
    select count(*)::integer as lines, count(l.project_id)::integer as project_lines
    from finance_open_general_journal_line l
    where l.journal_id = o.journal_id
) w on true
where j.company_code = %(company)s
    and (%(before)s::uuid is null or j.id < %(before)s)
    and (%(state)s = '' or coalesce(x.outcome, 'draft') = %(state)s)
order by j.id desc
limit %(row_limit)s
