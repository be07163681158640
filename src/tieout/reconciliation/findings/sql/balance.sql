-- question:   What is the ledger's balance of an integration account at the end of a day?
-- grain:      one row; debit positive, in accounting currency
-- parameters: company, account, as_of_day
-- index:      none
select coalesce(sum(accounting_amount), 0) as balance
  from fact_ledger_entry
 where company_code = %(company)s
   and account = %(account)s
   and day <= %(as_of_day)s
