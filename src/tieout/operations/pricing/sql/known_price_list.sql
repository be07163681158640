-- question:   Which of these price lists are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_price_list_code_key
select k.place, l.id, coalesce(u.company_code, c.company_code) as company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_price_list l on l.code = k.k1
left join operations_organizational_unit u on u.id = l.unit_id
left join operations_contract c on c.id = l.contract_id
