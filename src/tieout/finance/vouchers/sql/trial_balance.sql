-- question:   What is the balance of each account at the end of a day? Debit positive; the column sums are zero.
-- grain:      one row per account that was posted to
-- parameters: company, as_of
-- index:      none: reads all ledger entries
select
    l.account,
    a.name,
    sum(l.accounting_amount) as accounting_amount,
    sum(l.reporting_amount) as reporting_amount,
    count(*) as entries
from finance_voucher_line l
join finance_company c on c.code = l.company_code
left join finance_account a on a.chart = c.chart and a.number = l.account
where l.company_code = %(company)s
    and l.accounting_date <= %(as_of)s
group by l.account, a.name
order by l.account
