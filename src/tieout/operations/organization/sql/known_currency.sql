-- question:   Which of these currencies, as finance has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_currency_code_key
select k.place, c.id, c.digits
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_currency c on c.code = k.k1
