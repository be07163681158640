-- question:   Let a copied price list belong to the companies of its original: a default list of each that is not active,
--             so that it is withheld from others and nothing is priced by it yet.
-- grain:      no rows
-- parameters: original, copy
-- index:      operations_price_list_use by list, operations_price_list_use_key
insert into operations_price_list_use (price_list_id, company_code, is_active)
select distinct %(copy)s::uuid, used.company_code, false
from operations_price_list_company as used
where used.price_list_id = %(original)s
