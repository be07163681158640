-- question:   Whose are the price lists of these records? A list may be used by several companies.
-- grain:      one row per company
-- parameters: records
-- index:      operations_price_list_use_key
select distinct u.company_code as company
from jsonb_to_recordset(%(records)s::jsonb) as n (price_list_id uuid, code text)
-- A record is a line of a list, or the list itself.
join operations_price_list l on l.id = n.price_list_id or (n.price_list_id is null and l.code = n.code)
join operations_price_list_company u on u.price_list_id = l.id
