-- question:   How many decimals has an amount of each currency?
-- grain:      one row per currency
-- parameters: none
-- index:      none: reads the few rows of finance_currency
select k.code, k.digits
from finance_currency k
order by k.code
