-- question:   Which actuals of a company are in one of these states, none of which says that it has a journal line? As
--             staged_rows.sql tells it, but at the price of what waits: a few that wait are not looked for among all that
--             ever arrived.
-- grain:      one row per actual, in the order of their keys, at most rows_max after `after`
-- parameters: company, states, after, rows_max
-- index:      finance_staging_retry_unknown, finance_staging_retry_pkey, finance_intake_open, finance_staged_actual_batch,
--             finance_staged_actual_pkey, finance_left_out_company, and those of staged_rows.sql
with k as materialized (
    -- Pending and invalid are said by the validation, and what is left out does not stand here; other states are asked of each.
    select t.actual_id
    from finance_staging_retry t
    where t.company_code = %(company)s
        and t.actual_id > %(after)s
        and (t.validation = any(%(states)s::text[]) or not %(states)s::text[] <@ array['pending', 'invalid', 'left_out'])
    union
    -- What stands in an open batch and not in the worklist is in the state of its batch.
    select s.actual_id
    from finance_intake i
    left join finance_integration_parameters p on p.company_code = i.company_code
    join finance_staged_actual s on s.batch_id = i.batch_id and s.company_code = i.company_code
    where i.map = 'msdyn_actuals'
        and i.company_code = %(company)s
        and i.processed_at is null
        and s.actual_id > %(after)s
        and case
            when p.prevalidation is not true then 'waiting'
            when i.prevalidated_at is null then 'pending'
            else 'valid'
        end = any(%(states)s::text[])
    union
    select e.actual_id
    from finance_left_out e
    where e.company_code = %(company)s
        and e.actual_id > %(after)s
        and 'left_out' = any(%(states)s::text[])
        and not exists (select from finance_taken_back_in b where b.left_out_id = e.id)
)
select
    s.actual_id, s.arrived_at, s.transaction_type, s.transaction_class, s.source_kind, s.project, s.subcontract, s.transaction_date,
    s.accounting_date, s.amount, s.currency_code, s.digits, s.accounting_amount, s.state, s.code, s.attempts, s.details,
    s.journal, s.line_number, s.voucher, s.checked_at, s.left_out_by, s.left_out_because
from k
-- offset 0 keeps the planner from reading all of staging
cross join lateral (select * from finance_staged_row x where x.actual_id = k.actual_id offset 0) s
where s.state = any(%(states)s::text[])
order by k.actual_id
limit %(rows_max)s
