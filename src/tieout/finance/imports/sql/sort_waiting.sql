-- question:   Which actuals that wait outside their delivery batch wait for the other kind of import now, because the cut-off
--             of beginning balances was moved, set or taken away?
-- grain:      one row of finance_staging_retry updated per actual; reports their number
-- parameters: company, beginning_balances_until
-- index:      finance_staging_retry_tried, finance_staged_actual_pkey
update finance_staging_retry t
set waits_for = n.waits_for
from (
    select
        w.actual_id,
        case
            when s.transaction_date <= %(beginning_balances_until)s::date
                and not finance_is_born_here(s.source_kind)
            then 'beginning_balances'
            when w.waits_for = 'beginning_balances' then 'import'
            else w.waits_for
        end as waits_for
    from finance_staging_retry w
    join finance_staged_actual s on s.actual_id = w.actual_id
    where w.company_code = %(company)s
        -- where nothing was cut off, what waits for its invoice proposal is not read
        and (w.waits_for <> 'invoice_proposal' or %(beginning_balances_until)s::date is not null)
) n
where t.actual_id = n.actual_id and t.waits_for <> n.waits_for
