-- question:   What is the balance of an account at the end of a day? Debit positive.
-- grain:      one row
-- parameters: company, account, as_of
-- index:      none: reads all ledger entries; the workspace takes its balances from facts
select
    coalesce(sum(l.accounting_amount), 0) as accounting_amount,
    coalesce(sum(l.reporting_amount), 0) as reporting_amount,
    count(*) as entries
from finance_voucher_line l
where l.company_code = %(company)s
    and l.account = %(account)s
    and l.accounting_date <= %(as_of)s
