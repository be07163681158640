-- question:   What lies in staging and is not imported yet?
-- grain:      one row: open batches with their rows and money, and rows that import refused, with their money
-- parameters: company
-- index:      finance_intake_open, finance_staged_actual_pkey
select
    i.batches,
    i.actuals,
    i.amount_total,
    r.refused,
    r.refused_amount
from (
    select count(*) as batches, coalesce(sum(n.row_count), 0)::bigint as actuals,
        coalesce(sum(n.amount_total), 0) as amount_total
    from finance_intake n
    where n.map = 'msdyn_actuals' and n.company_code = %(company)s and n.processed_at is null
) i
cross join (
    select count(*) as refused, coalesce(sum(coalesce(s.accounting_amount, s.amount)), 0) as refused_amount
    from finance_staging_retry t
    join finance_staged_actual s on s.actual_id = t.actual_id
    where t.company_code = %(company)s
) r
