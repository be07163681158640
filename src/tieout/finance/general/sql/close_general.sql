-- question:   The draft is posted: what is left of it, and what does operations have to learn? A journal with project
--             lines waits for its confirmation; its header, then those lines are stated where their maps capture.
-- grain:      one row: how many records were stated
-- parameters: journal_id, company, actor
-- index:      finance_open_general_journal_pkey, finance_open_general_journal_line_key
with gone as (
    delete from finance_open_general_journal_line l where l.journal_id = %(journal_id)s
),
counted as (
    select count(*) as lines, count(v.project_id) as project_lines from general_verdict v
),
closed as (
    delete from finance_open_general_journal o where o.journal_id = %(journal_id)s returning o.description
),
kept as (
    insert into finance_general_journal_outcome (journal_id, outcome, description, lines, project_lines, done_by)
    select %(journal_id)s, 'posted', c.description, n.lines, n.project_lines, %(actor)s
    from closed c
    cross join counted n
),
waits as (
    insert into finance_general_journal_sync (journal_id, company_code, attempts, code, details)
    select %(journal_id)s, %(company)s, 0, '', '{}'
    from counted n
    where n.project_lines > 0
),
stated as (
    insert into outbox_entry (map, key)
    select s.map, s.key
    from (
        select 1 as place, 'msdyn_journals' as map, %(journal_id)s::uuid as key
        from counted n
        where n.project_lines > 0 and outbox_captures('msdyn_journals')
        union all
        select 2, 'msdyn_journallines', v.line_id
        from general_verdict v
        where v.project_id is not null and outbox_captures('msdyn_journallines')
    ) s
    order by s.place, s.key
    returning key
)
select count(*) as stated from stated
