-- question:   Which of these periods (calendar, year, name) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_fiscal_period_key
select k.place, p.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text, k3 text)
join finance_fiscal_period p on p.calendar = k.k1 and p.fiscal_year = k.k2 and p.name = k.k3
