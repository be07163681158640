-- question:   Which accounts of a company were posted to, since when, and what is their balance? Debit positive.
-- grain:      one row per account that was posted to
-- parameters: company
-- index:      none: reads all ledger entries of the company once
select
    l.account as number,
    a.name,
    a.kind,
    min(l.accounting_date) as opened,
    max(l.accounting_date) as last_posted,
    sum(l.accounting_amount) as balance
from finance_voucher_line l
join finance_company c on c.code = l.company_code
left join finance_account a on a.chart = c.chart and a.number = l.account
where l.company_code = %(company)s
group by l.account, a.name, a.kind
order by l.account
