-- question:   Which of these organizational units are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_organizational_unit_code_key
select k.place, u.id, u.company_code as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_organizational_unit u on u.code = k.k1
