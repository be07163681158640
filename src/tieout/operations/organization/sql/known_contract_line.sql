-- question:   Which of these contract lines (contract, line number) are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_contract_number_key, operations_contract_line_key
select k.place, l.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text)
join operations_contract c on c.number = k.k1
join operations_contract_line l on l.contract_id = c.id and l.line_number = k.k2::int
