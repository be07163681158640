-- question:   Stage a cost once more, in a delivery batch of its own, that operations does not have.
-- grain:      one row
-- parameters: key, again
-- index:      finance_staged_actual_pkey
with staged as (
    insert into finance_staged_actual
    select (jsonb_populate_record(
        a,
        jsonb_build_object(
            'actual_id', %(again)s::uuid, 'description', 'recorded once more', 'xid', pg_current_xact_id()::text,
            'batch_id', nextval('outbox_batch_id')
        )
    )).*
    from finance_staged_actual a
    where a.actual_id = %(key)s
    returning batch_id, company_code, coalesce(accounting_amount, amount) as amount
)
insert into finance_intake (batch_id, map, company_code, row_count, amount_total)
select s.batch_id, 'msdyn_actuals', s.company_code, 1, s.amount
from staged s
