-- question:   Which of these roles are set up?
-- grain:      one row per key that is known, with its place in the request
-- parameters: keys
-- index:      operations_role_code_key
select k.place, r.id
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_role r on r.code = k.k1
