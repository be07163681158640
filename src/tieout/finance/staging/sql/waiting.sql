-- question:   What lies in staging and is not imported yet?
-- grain:      one row: open batches with their rows and money; outside them what import refused, what has lost its
--             journal line, and what waits for the import of beginning balances, with their money
-- parameters: company
-- index:      finance_intake_open, finance_staged_actual_pkey
select
    i.batches,
    i.actuals,
    i.amount_total,
    r.refused,
    r.refused_amount,
    r.deleted,
    r.deleted_amount,
    r.beginning,
    r.beginning_amount
from (
    select count(*) as batches, coalesce(sum(n.row_count), 0)::bigint as actuals,
        coalesce(sum(n.amount_total), 0) as amount_total
    from finance_intake n
    where n.map = 'msdyn_actuals' and n.company_code = %(company)s and n.processed_at is null
) i
cross join (
    select
        count(*) filter (where w.why = 'refused') as refused,
        coalesce(sum(w.amount) filter (where w.why = 'refused'), 0) as refused_amount,
        count(*) filter (where w.why = 'deleted') as deleted,
        coalesce(sum(w.amount) filter (where w.why = 'deleted'), 0) as deleted_amount,
        count(*) filter (where w.why = 'beginning') as beginning,
        coalesce(sum(w.amount) filter (where w.why = 'beginning'), 0) as beginning_amount
    from (
        select
            coalesce(s.accounting_amount, s.amount) as amount,
            case
                when t.code <> '' then 'refused'
                when t.waits_for = 'beginning_balances' then 'beginning'
                else 'deleted'
            end as why
        from finance_staging_retry t
        join finance_staged_actual s on s.actual_id = t.actual_id
        where t.company_code = %(company)s
    ) w
) r
