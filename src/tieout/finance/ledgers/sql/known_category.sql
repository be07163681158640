-- question:   Which of these categories, as operations has sent them, are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      finance_category_code
select distinct on (k.place) k.place, c.id, c.transaction_class
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join finance_category c on c.code = k.k1
order by k.place, c.version desc, c.id
