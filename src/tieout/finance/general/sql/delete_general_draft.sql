-- question:   Delete a draft with its lines; its number is not given again.
-- grain:      one row: how many lines it had, and their keys
-- parameters: journal_id, actor
-- index:      finance_open_general_journal_pkey, finance_open_general_journal_line_key
with gone as (
    delete from finance_open_general_journal_line l where l.journal_id = %(journal_id)s returning l.id, l.project_id
),
closed as (
    delete from finance_open_general_journal o where o.journal_id = %(journal_id)s returning o.description
),
kept as (
    insert into finance_general_journal_outcome (journal_id, outcome, description, lines, project_lines, done_by)
    select %(journal_id)s, 'deleted', c.description, n.lines, n.project_lines, %(actor)s
    from closed c
    cross join (select count(*) as lines, count(g.project_id) as project_lines from gone g) n
)
select count(*) as lines, coalesce(array_agg(id), '{}') as line_ids from gone
