-- question:   On which accounts, dates and sets of dimension values do the kept totals and the ledger entries of a company
--             differ, and in what? Whatever a balance or a trial balance adds is compared.
-- grain:      one row per account, accounting date, set of dimension values and measure that differs
-- parameters: company
-- index:      none: reads all ledger entries of the company once
select
    coalesce(kept.account, found.account) as account,
    coalesce(kept.accounting_date, found.accounting_date) as accounting_date,
    m.measure,
    m.total,
    m.entries
from (
    select
        t.account, t.accounting_date, t.dimension_set_id, sum(t.debit) as debit, sum(t.credit) as credit,
        sum(t.reporting_amount) as reporting_amount, sum(t.entries) as entries
    from finance_account_total as t
    where t.company_code = %(company)s
    group by t.account, t.accounting_date, t.dimension_set_id
) as kept
full join (
    select
        l.account, l.accounting_date, l.dimension_set_id,
        sum(greatest(l.accounting_amount, 0)) as debit,
        sum(greatest(-l.accounting_amount, 0)) as credit,
        sum(l.reporting_amount) as reporting_amount, count(*) as entries
    from finance_voucher_line as l
    where l.company_code = %(company)s
    group by l.account, l.accounting_date, l.dimension_set_id
) as found
    on found.account = kept.account
    and found.accounting_date = kept.accounting_date
    and found.dimension_set_id = kept.dimension_set_id
cross join lateral (
    select x.*
    from (
        values
        (1, 'debit', coalesce(kept.debit, 0), coalesce(found.debit, 0)),
        (2, 'credit', coalesce(kept.credit, 0), coalesce(found.credit, 0)),
        (3, 'reporting amount', coalesce(kept.reporting_amount, 0), coalesce(found.reporting_amount, 0)),
        (4, 'number of entries', coalesce(kept.entries, 0), coalesce(found.entries, 0))
    ) as x (place, measure, total, entries)
    where x.total <> x.entries
) as m
order by 1, 2, coalesce(kept.dimension_set_id, found.dimension_set_id), m.place
limit 100
