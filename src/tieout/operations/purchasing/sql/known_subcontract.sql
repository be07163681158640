-- question:   Which of these subcontracts are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_subcontract_number_key, operations_vendor_pkey
select k.place, t.id, t.company_code as company, v.account_number as vendor, t.status, t.currency_code as currency
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_subcontract t on t.number = k.k1
join operations_vendor v on v.id = t.vendor_id
