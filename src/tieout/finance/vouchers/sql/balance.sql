-- question:   What is the balance of an account at the end of a day? Debit positive.
-- grain:      one row
-- parameters: company, account, as_of
-- index:      finance_account_total_of
select
    coalesce(sum(t.debit - t.credit), 0) as accounting_amount,
    coalesce(sum(t.reporting_amount), 0) as reporting_amount,
    coalesce(sum(t.entries), 0)::bigint as entries
from finance_account_total t
where t.company_code = %(company)s
    and t.account = %(account)s
    and t.accounting_date <= %(as_of)s
