-- question:   Which of these price lists are set up, and which company's are they, if one's?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_price_list_code_key, operations_price_list_use_key
select k.place, l.id, l.context, l.valid_from, l.valid_to, used.company
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_price_list l on l.code = k.k1
left join lateral (
    select min(u.company_code) as company
    from operations_price_list_company u
    where u.price_list_id = l.id
) as used on true
