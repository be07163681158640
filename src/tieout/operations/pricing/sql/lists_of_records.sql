-- question:   Which price lists do these records concern: by their code, or as a list that they refer to?
-- grain:      one row per price list
-- parameters: records
-- index:      operations_price_list_code_key, operations_price_list_pkey
select l.id
from (select distinct code, price_list_id from jsonb_to_recordset(%(records)s::jsonb) as r (code text, price_list_id uuid)) as n
join operations_price_list l on l.id = n.price_list_id or l.code = n.code
