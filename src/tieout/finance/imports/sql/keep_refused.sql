-- question:   Which actuals of the batch are to be tried again by the next import?
-- grain:      one row of finance_staging_retry written per refused actual; reports their number
-- parameters: company, waits_for, validation
-- index:      finance_staging_retry_pkey
insert into finance_staging_retry (actual_id, company_code, waits_for, validation, code, attempts)
select b.actual_id, %(company)s, %(waits_for)s, %(validation)s, b.code, 1
from import_batch b
where b.code is not null
order by b.actual_id
on conflict (actual_id) do update
set validation = excluded.validation, code = excluded.code, attempts = finance_staging_retry.attempts + 1, last_tried_at = now()
