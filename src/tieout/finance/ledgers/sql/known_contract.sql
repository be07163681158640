-- question:   Which of these contracts, as operations has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_contract_number
select distinct on (k.place) k.place, c.id, c.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join finance_contract c on c.number = k.k1
order by k.place, c.version desc, c.id
