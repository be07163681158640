-- question:   What was found of these staged actuals? It is kept, and each waits by itself from now on: a valid one for its
--             import, an invalid one until somebody asks to look again. What import refused it for stays known;
--             billed sales that are invalid are judged by import again when they are valid.
-- grain:      one row of finance_prevalidation and of finance_staging_retry per actual; reports their number
-- parameters: outcomes, company, checked_by
-- index:      finance_staging_retry_pkey
with n as materialized (
    select o.actual_id, o.code, case when o.code = '' then 'valid' else 'invalid' end as outcome
    from jsonb_to_recordset(%(outcomes)s::jsonb) as o (actual_id uuid, code text)
),
looked as (
    insert into finance_prevalidation (actual_id, company_code, outcome, code, checked_by)
    select n.actual_id, %(company)s, n.outcome, n.code, %(checked_by)s
    from n
    order by n.actual_id
)
insert into finance_staging_retry as t (actual_id, company_code, validation, code, attempts)
select n.actual_id, %(company)s, n.outcome, n.code, 1
from n
order by n.actual_id
on conflict (actual_id) do update
set validation = excluded.validation,
    code = case
        when excluded.code <> '' then excluded.code
        when t.code in ('VAL-501', 'VAL-502') then ''
        else t.code
    end,
    waits_for = case when excluded.code <> '' and t.waits_for = 'invoice_proposal' then 'import' else t.waits_for end,
    attempts = t.attempts + 1,
    last_tried_at = now()
