-- question:   Which actuals of the batch are to be tried again by the next import? Billed sales are not: they wait for their
--             invoice proposal (IMP-110), and no import can take them.
-- grain:      one row of finance_staging_retry written per refused actual; reports their number
-- parameters: company, waits_for, validation
-- index:      finance_staging_retry_pkey
insert into finance_staging_retry (actual_id, company_code, waits_for, validation, code, attempts)
select
    b.actual_id, %(company)s, case when b.code = 'IMP-110' then 'invoice_proposal' else %(waits_for)s end, %(validation)s,
    b.code, 1
from import_batch b
where b.code is not null
order by b.actual_id
on conflict (actual_id) do update
set
    waits_for = case when excluded.waits_for = 'invoice_proposal' then excluded.waits_for else finance_staging_retry.waits_for end,
    validation = excluded.validation,
    code = excluded.code,
    attempts = finance_staging_retry.attempts + 1,
    last_tried_at = now()
