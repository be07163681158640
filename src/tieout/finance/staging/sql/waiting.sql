-- question:   What lies in staging and is not imported yet?
-- grain:      one row: open batches with their rows and money; outside them what import refused, what has lost its
--             journal line, and what waits for the import of beginning balances, with their money; where the company
--             prevalidates, how many actuals wait to be looked at, inside and outside the batches, how many outside them
--             are valid and wait for their import, and which are invalid
-- parameters: company
-- index:      finance_intake_open, finance_staged_actual_pkey, finance_integration_parameters_pkey
select
    i.batches,
    i.actuals,
    i.amount_total,
    r.refused,
    r.refused_amount,
    r.deleted,
    r.deleted_amount,
    r.beginning,
    r.beginning_amount,
    o.prevalidation,
    case when o.prevalidation then i.pending + r.pending else 0 end as pending,
    r.validated,
    r.invalid,
    r.invalid_amount
from (
    select coalesce(bool_or(p.prevalidation), false) as prevalidation
    from finance_integration_parameters p
    where p.company_code = %(company)s
) o
cross join (
    select count(*) as batches, coalesce(sum(n.row_count), 0)::bigint as actuals,
        coalesce(sum(n.amount_total), 0) as amount_total,
        coalesce(sum(n.row_count) filter (where n.prevalidated_at is null), 0)::bigint as pending
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
        coalesce(sum(w.amount) filter (where w.why = 'beginning'), 0) as beginning_amount,
        count(*) filter (where w.why = 'pending') as pending,
        count(*) filter (where w.why = 'valid') as validated,
        count(*) filter (where w.why = 'invalid') as invalid,
        coalesce(sum(w.amount) filter (where w.why = 'invalid'), 0) as invalid_amount
    from (
        select
            coalesce(s.accounting_amount, s.amount) as amount,
            case
                when p.prevalidation and t.validation <> 'valid' then t.validation
                when t.code <> '' then 'refused'
                when t.waits_for = 'beginning_balances' then 'beginning'
                when p.prevalidation then 'valid'
                else 'deleted'
            end as why
        from finance_staging_retry t
        join finance_staged_actual s on s.actual_id = t.actual_id
        left join finance_integration_parameters p on p.company_code = t.company_code
        where t.company_code = %(company)s
    ) w
) r
