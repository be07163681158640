-- question:   Which actuals were refused by an earlier import and are tried again now?
-- grain:      one row of import_row per actual, at most rows_max, in the order of their keys
-- parameters: company, after, rows_max
-- index:      finance_staging_retry_pkey, finance_staged_actual_pkey
create temporary table import_row on commit drop as
with taken as materialized (
    select t.actual_id
    from finance_staging_retry t
    where t.company_code = %(company)s and t.actual_id > %(after)s
    order by t.actual_id
    limit %(rows_max)s
)
select s.*
from taken t
-- offset 0 keeps the planner from reading all of staging
cross join lateral (select * from finance_staged_actual x where x.actual_id = t.actual_id offset 0) s
