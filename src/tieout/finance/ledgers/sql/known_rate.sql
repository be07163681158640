-- question:   What is the last known rate of these currency pairs (from, to, date)?
-- grain:      one row per pair and date that has a rate, with its place in the request
-- parameters: keys
-- index:      finance_exchange_rate_key
select k.place, r.rate
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text, k2 text, k3 date)
cross join lateral (select finance_rate(k.k1, k.k2, k.k3) as rate) r
where r.rate is not null
