-- question:   Which of these staged actuals can be left out, and with them what only takes them back? Those that are invalid now
--             and whose delivery batch was imported, so that nothing takes them again; and the reversals that import refuses
--             because there is nothing to reverse (IMP-111): those of the actuals that are left out here, and those among
--             these whose original was left out before.
-- grain:      one row of finance_left_out per actual, whose row of finance_staging_retry is deleted
-- parameters: keys, company, reason, left_out_by
-- index:      finance_staged_actual_pkey, finance_intake_key, finance_staging_retry_pkey, finance_left_out_of; the worklist of
--             the company is read for reversals
with own as materialized (
    select s.actual_id
    from unnest(%(keys)s::uuid[]) as k (actual_id)
    -- offset 0 keeps the planner from reading all of staging
    cross join lateral (select * from finance_staged_row x where x.actual_id = k.actual_id offset 0) s
    join finance_staged_actual a on a.actual_id = s.actual_id
    join finance_intake i on i.batch_id = a.batch_id and i.company_code = a.company_code
    where s.company_code = %(company)s and s.state = 'invalid' and i.processed_at is not null
),
refused as materialized (
    select t.actual_id, a.reverses_id
    from finance_staging_retry t
    cross join lateral (select * from finance_staged_actual x where x.actual_id = t.actual_id offset 0) a
    cross join lateral (select x.state from finance_staged_row x where x.actual_id = t.actual_id offset 0) s
    where t.company_code = %(company)s and t.code = 'IMP-111' and s.state = 'refused'
),
gone as (
    delete from finance_staging_retry t
    using (
        select o.actual_id
        from own o
        union
        select r.actual_id
        from refused r
        where r.reverses_id in (select o.actual_id from own o)
            or r.actual_id = any(%(keys)s::uuid[])
            and exists (
                select
                from finance_left_out e
                where e.actual_id = r.reverses_id
                    and not exists (select from finance_taken_back_in b where b.left_out_id = e.id)
            )
    ) c
    where t.actual_id = c.actual_id
    returning t.actual_id, t.code
)
insert into finance_left_out (actual_id, company_code, code, reason, left_out_by)
select g.actual_id, %(company)s, g.code, %(reason)s, %(left_out_by)s
from gone g
order by g.actual_id
returning actual_id
