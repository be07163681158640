-- question:   Which of these actuals that were left out wait again? With them come the reversals of them that were left out too:
--             an original is imported with what takes it back, or not at all.
-- grain:      one row of finance_taken_back_in and of finance_staging_retry per actual
-- parameters: keys, company, taken_back_by
-- index:      finance_left_out_company, finance_taken_back_in_pkey, finance_staged_actual_pkey
with standing as materialized (
    select o.id, o.actual_id, s.reverses_id
    from finance_left_out o
    -- offset 0 keeps the planner from reading all of staging
    cross join lateral (select * from finance_staged_actual x where x.actual_id = o.actual_id offset 0) s
    where o.company_code = %(company)s
        and not exists (select from finance_taken_back_in b where b.left_out_id = o.id)
),
chosen as materialized (
    select o.id, o.actual_id
    from standing o
    where o.actual_id = any(%(keys)s::uuid[])
        or o.reverses_id in (select x.actual_id from standing x where x.actual_id = any(%(keys)s::uuid[]))
),
back as (
    insert into finance_taken_back_in (left_out_id, company_code, taken_back_by)
    select c.id, %(company)s, %(taken_back_by)s
    from chosen c
    order by c.id
)
insert into finance_staging_retry (actual_id, company_code, code, attempts)
select c.actual_id, %(company)s, '', 0
from chosen c
order by c.actual_id
returning actual_id
