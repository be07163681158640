-- question:   Which actuals that wait outside their delivery batch are looked at next? Those of which nothing is known: their
--             journal line was deleted, somebody asked to look again, or the company did not prevalidate when they
--             were refused. None where the parameters of the company do not ask for it.
-- grain:      one row per actual, in the order of their keys, at most rows_max
-- parameters: company, after, rows_max
-- index:      finance_staging_retry_unknown, finance_staged_actual_pkey, finance_integration_parameters_pkey
select w.actual_id
from finance_integration_parameters p
-- lateral: where the company does not prevalidate, the worklist is not read
cross join lateral (
    select t.actual_id
    from finance_staging_retry t
    -- offset 0 keeps the planner from reading all of staging
    cross join lateral (select x.arrived_at from finance_staged_actual x where x.actual_id = t.actual_id offset 0) s
    where t.company_code = p.company_code
        and t.validation = 'pending'
        and t.actual_id > %(after)s
        and s.arrived_at <= now() - make_interval(mins => p.prevalidation_minutes)
    order by t.actual_id
    limit %(rows_max)s
) w
where p.company_code = %(company)s and p.prevalidation
order by w.actual_id
