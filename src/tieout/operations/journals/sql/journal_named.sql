-- question:   Which journal of a company has this number, and where does it stand?
-- grain:      one row, or none
-- parameters: company, number
-- index:      operations_journal_number, operations_open_journal_pkey, operations_journal_outcome_pkey,
--             operations_open_journal_line_key, operations_taken_actual_of, operations_journal_line_key
select
    journal.id, journal.number, journal.company_code, journal.journal_type, journal.made_by, journal.made_at,
    case when open.journal_id is null then outcome.outcome else 'draft' end as state,
    case
        when outcome.journal_id is not null
            then (select count(*) from operations_journal_line as line where line.journal_id = journal.id)
        when journal.journal_type = 'entry'
            then (select count(*) from operations_open_journal_line as line where line.journal_id = journal.id)
        else (select count(*) from operations_taken_actual as taken where taken.journal_id = journal.id)
    end as lines,
    coalesce(open.description, outcome.description, '') as description, outcome.done_by, outcome.done_at,
    open.journal_id is not null and (
        open.project_id, open.task_id, open.role_id, open.resource_id, open.category_id, open.product_id,
        open.subcontract_id, open.date
    ) is distinct from (
        null::uuid, null::uuid, null::uuid, null::uuid, null::uuid, null::uuid, null::uuid, null::date
    )
    or open.product_name <> '' or open.custom <> '{}' or open.clears_subcontract as changes,
    array(
        select distinct by_whom.name
        from (
            select line.entered_by as name from operations_open_journal_line as line where line.journal_id = journal.id
            union all
            select taken.taken_by from operations_taken_actual as taken where taken.journal_id = journal.id
        ) as by_whom
    ) as authors,
    array(
        select distinct resource.company_code
        from operations_open_journal_line as line
        inner join operations_resource as resource on resource.id = line.resource_id
        where line.journal_id = journal.id
            and line.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales')
    ) as lenders
from operations_journal as journal
left join operations_open_journal as open on open.journal_id = journal.id
left join operations_journal_outcome as outcome on outcome.journal_id = journal.id
where journal.company_code = %(company)s and journal.number = %(number)s
