-- question:   Which is the last seal of a company?
-- grain:      one row, none before the first
-- parameters: company
-- index:      finance_seal_pkey
select one.place, one.seal, one.sealed_at
from finance_seal as one
where one.company_code = %(company)s
order by one.place desc
limit 1
