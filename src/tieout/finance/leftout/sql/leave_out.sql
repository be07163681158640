-- question:   Which of these staged actuals can be left out, and with them what only takes them back? Those that are invalid now
--             and whose delivery batch was imported, so that nothing takes them again; and the reversals that import refuses,
--             because there is nothing to reverse (IMP-111) or they are billed sales (IMP-110): those of the actuals that are
--             left out here, and those among these whose original was left out before.
-- grain:      one row of finance_left_out per actual, whose row of finance_staging_retry is deleted
-- parameters: keys, company, reason, left_out_by
-- index:      finance_staged_actual_pkey, finance_staged_actual_reverses, finance_intake_key, finance_staging_retry_pkey,
--             finance_left_out_of
with own as materialized (
    select s.actual_id
    from unnest(%(keys)s::uuid[]) as k (actual_id)
    -- offset 0 keeps the planner from reading all of staging
    cross join lateral (select * from finance_staged_row x where x.actual_id = k.actual_id offset 0) s
    join finance_staged_actual a on a.actual_id = s.actual_id
    join finance_intake i on i.batch_id = a.batch_id and i.company_code = a.company_code
    where s.company_code = %(company)s and s.state = 'invalid' and i.processed_at is not null
),
reversal as materialized (
    select r.actual_id
    from own o
    cross join lateral (select x.actual_id from finance_staged_actual x where x.reverses_id = o.actual_id offset 0) r
    union
    select r.actual_id
    from unnest(%(keys)s::uuid[]) as k (actual_id)
    cross join lateral (select * from finance_staged_actual x where x.actual_id = k.actual_id offset 0) r
    where exists (
        select
        from finance_left_out e
        where e.actual_id = r.reverses_id
            and not exists (select from finance_taken_back_in b where b.left_out_id = e.id)
    )
),
refused as materialized (
    select r.actual_id
    from reversal r
    cross join lateral (select * from finance_staged_row x where x.actual_id = r.actual_id offset 0) s
    where s.company_code = %(company)s and s.state = 'refused' and s.code in ('IMP-110', 'IMP-111')
),
gone as (
    delete from finance_staging_retry t
    using (
        select o.actual_id
        from own o
        union
        select r.actual_id
        from refused r
    ) c
    where t.actual_id = c.actual_id
    returning t.actual_id, t.code
)
insert into finance_left_out (actual_id, company_code, code, reason, left_out_by)
select g.actual_id, %(company)s, g.code, %(reason)s, %(left_out_by)s
from gone g
order by g.actual_id
returning actual_id
