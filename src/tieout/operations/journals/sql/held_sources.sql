-- question:   Which entries, or lines of entry journals, does a draft hold?
-- grain:      one row per entry or line
-- parameters: journal_id, row_limit
-- index:      operations_taken_actual_of, operations_actual_pkey, operations_entry_pkey, operations_journal_line_pkey
select
    taken.source_id,
    coalesce(min(entry.external_id), min(journal.number || '/' || line.line_number)) as name,
    min(actual.transaction_class) as transaction_class, min(actual.transaction_date) as date,
    min(project.number) as project_number, count(*) as actuals
from operations_taken_actual as taken
inner join operations_actual as actual on actual.id = taken.actual_id
inner join operations_project as project on project.id = actual.project_id
left join operations_entry as entry on entry.id = taken.source_id
left join operations_journal_line as line on line.id = taken.source_id
left join operations_journal as journal on journal.id = line.journal_id
where taken.journal_id = %(journal_id)s::uuid
group by taken.source_id
order by taken.source_id
limit %(row_limit)s
