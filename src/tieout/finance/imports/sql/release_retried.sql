-- question:   Which actuals had been refused and have their journal line now?
-- grain:      one row per actual; its row of finance_staging_retry is deleted
-- parameters: after, reached
-- index:      finance_staging_retry_pkey; the range of keys keeps the planner from reading the whole table
delete from finance_staging_retry t
using import_batch b
where t.actual_id = b.actual_id
    and b.code is null
    and t.actual_id > %(after)s
    and t.actual_id <= %(reached)s
returning t.actual_id
