-- question:   Which actuals of a delivery batch are looked at next? Those that wait by themselves were found invalid, by a run
--             that broke off before the end of the batch.
-- grain:      one row per actual, in the order of their keys, at most rows_max
-- parameters: company, intake_id, after, rows_max
-- index:      finance_intake_pkey, finance_staged_actual_batch, finance_staging_retry_pkey; the range of keys
--             keeps the planner from reading the whole worklist
with batch as materialized (
    -- materialized: in the order of keys the planner would read all of staging for the rows of one batch
    select s.actual_id
    from finance_intake i
    join finance_staged_actual s on s.batch_id = i.batch_id and s.company_code = i.company_code
    where i.id = %(intake_id)s and i.company_code = %(company)s and s.actual_id > %(after)s
)
select b.actual_id
from batch b
where not exists (
    select
    from finance_staging_retry t
    where t.actual_id = b.actual_id
        and t.actual_id >= (select min(f.actual_id::text)::uuid from batch f)
        and t.actual_id <= (select max(f.actual_id::text)::uuid from batch f)
)
order by b.actual_id
limit %(rows_max)s
