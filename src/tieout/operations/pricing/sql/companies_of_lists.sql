-- question:   Whose are the price lists of these records? A list may be used by several companies.
-- grain:      one row per company
-- parameters: records
-- index:      operations_price_list_use_key
select distinct coalesce(u.company_code, c.company_code, s.company_code, p.company_code) as company
from jsonb_to_recordset(%(records)s::jsonb) as n (price_list_id uuid, code text)
-- A record is a line of a list, or the list itself.
join operations_price_list l on l.id = n.price_list_id or (n.price_list_id is null and l.code = n.code)
join operations_price_list_use p on p.price_list_id = l.id
left join operations_organizational_unit u on u.id = p.unit_id
left join operations_contract c on c.id = p.contract_id
left join operations_subcontract s on s.id = p.subcontract_id
