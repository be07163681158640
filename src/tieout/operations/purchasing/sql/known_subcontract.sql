-- question:   Which of these subcontracts are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_subcontract_number_key
select k.place, t.id, t.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_subcontract t on t.number = k.k1
