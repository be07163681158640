-- question:   Which approved entries of this project are to be made anew, and what did their approver change? All; or
--             those whose contract line or billing type is not what is recorded of them; or with a contract line those
--             that it has sold and that no invoice bills.
-- grain:      one row per entry that is approved and not asked back, at most row_limit after a given key
-- parameters: company, project_id, contract_line_id, is_whole, after, row_limit
-- index:      operations_actual_of_project, operations_actual_reversal, operations_entry_pkey,
--             operations_open_entry_pkey, operations_approval_of_entry, operations_journal_line_actual
with work as materialized (
    select * from operations_recorded_work(%(project_id)s) as recorded where recorded.entry_id > %(after)s
),

-- Asked once for all work that is alike.
changed as materialized (
    select alike.*
    from (
        select distinct task_id, transaction_class, role_id, category_id, contract_line_id, billing_type from work
    ) as alike
    left join lateral operations_answer(
        %(project_id)s, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
    ) as answer on true
    where %(is_whole)s
        or alike.contract_line_id = %(contract_line_id)s
        or (
            %(contract_line_id)s::uuid is null
            and answer.billing_type is not null
            and (answer.contract_line_id, answer.billing_type)
            is distinct from (alike.contract_line_id, alike.billing_type)
        )
),

wanted as materialized (
    select distinct work.entry_id as id
    from work
    inner join changed
        on changed.transaction_class = work.transaction_class
        and changed.billing_type = work.billing_type
        and changed.task_id is not distinct from work.task_id
        and changed.role_id is not distinct from work.role_id
        and changed.category_id is not distinct from work.category_id
        and changed.contract_line_id is not distinct from work.contract_line_id
    where not exists (select from operations_open_entry as open where open.entry_id = work.entry_id)
        -- What a journal corrected is not what its entry says; made anew from that, the correction would be undone.
        and not exists (
            select
            from operations_live_actuals(work.entry_id) as live
            inner join operations_journal_line as line on line.actual_id = live.id
        )
        and (
            %(contract_line_id)s::uuid is null
            or (
                exists (
                    select from operations_live_actuals(work.entry_id) as live where live.transaction_type = 'unbilled_sales'
                )
                and operations_not_reversible(work.entry_id) <> 'APR-112'
            )
        )
),

page as materialized (
    select entry.id
    from wanted
    cross join lateral (select * from operations_entry as found where found.id = wanted.id offset 0) as entry
    where entry.company_code = %(company)s
    order by entry.id
    limit %(row_limit)s
)

select page.id, approval.billable, approval.billing_type
from page
cross join lateral operations_approved_submission(page.id) as approval
order by page.id
