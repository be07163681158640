-- question:   On which accounts and dates do the kept totals and the ledger entries of a company differ?
-- grain:      one row per account and accounting date that differs
-- parameters: company
-- index:      none: reads all ledger entries of the company once
select
    coalesce(kept.account, found.account) as account,
    coalesce(kept.accounting_date, found.accounting_date) as accounting_date,
    coalesce(kept.amount, 0) as total,
    coalesce(found.amount, 0) as entries
from (
    select t.account, t.accounting_date, sum(t.debit - t.credit) as amount, sum(t.entries) as lines
    from finance_account_total as t
    where t.company_code = %(company)s
    group by t.account, t.accounting_date
) as kept
full join (
    select l.account, l.accounting_date, sum(l.accounting_amount) as amount, count(*) as lines
    from finance_voucher_line as l
    where l.company_code = %(company)s
    group by l.account, l.accounting_date
) as found on found.account = kept.account and found.accounting_date = kept.accounting_date
where (kept.amount, kept.lines) is distinct from (found.amount, found.lines)
order by 1, 2
limit 100
