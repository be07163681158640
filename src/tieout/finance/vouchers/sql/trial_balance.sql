-- question:   What stood on each account before a day, what was posted from then to the end of another, and what stands
--             there then? Balances debit positive; the sums of the balances are zero.
-- grain:      one row per account that was posted to
-- parameters: company, since, as_of
-- index:      finance_account_total_of
select
    t.account,
    a.name,
    coalesce(sum(t.debit - t.credit) filter (where t.accounting_date < %(since)s), 0) as opening,
    coalesce(sum(t.debit) filter (where t.accounting_date >= %(since)s), 0) as debit,
    coalesce(sum(t.credit) filter (where t.accounting_date >= %(since)s), 0) as credit,
    sum(t.debit - t.credit) as accounting_amount,
    sum(t.reporting_amount) as reporting_amount,
    sum(t.entries)::bigint as entries
from finance_account_total t
join finance_company c on c.code = t.company_code
left join finance_account a on a.chart = c.chart and a.number = t.account
where t.company_code = %(company)s
    and t.accounting_date <= %(as_of)s
group by t.account, a.name
order by t.account
