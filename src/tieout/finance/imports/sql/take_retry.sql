-- question:   Which actuals wait for this import: refused by an earlier one, or their line deleted; or dated up to the
--             cut-off of beginning balances? Where actuals are prevalidated, only those that were found valid.
-- grain:      one row of import_row per actual, at most rows_max, in the order of their keys; made says which line of
--             its actual it will be
-- parameters: company, waits_for, prevalidation, after, rows_max
-- index:      finance_staging_retry_tried, finance_staged_actual_pkey, finance_journal_line_made
create temporary table import_row on commit drop as
with taken as materialized (
    select t.actual_id
    from finance_staging_retry t
    where t.company_code = %(company)s and t.waits_for = %(waits_for)s and t.waits_for <> 'invoice_proposal'
        and t.actual_id > %(after)s
        and (t.validation = 'valid' or not %(prevalidation)s)
    order by t.actual_id
    limit %(rows_max)s
)
select s.*, ((
    select count(*) from finance_integration_journal_line l where l.actual_id = s.actual_id
) + 1)::smallint as made
from taken t
-- offset 0 keeps the planner from reading all of staging
cross join lateral (select * from finance_staged_actual x where x.actual_id = t.actual_id offset 0) s
