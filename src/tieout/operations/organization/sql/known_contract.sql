-- question:   Which of these contracts are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_contract_number_key
select k.place, c.id, c.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_contract c on c.number = k.k1
