-- question:   Which of these custom fields are declared, what are their values, and which entries have them?
-- grain:      one row per key that is known, with its place in the request; one that is not active is not known
-- parameters: keys
-- index:      operations_custom_field_name_key
select k.place, t.id, t.kind, t.choices, t.on_time, t.on_expense, t.on_material
from jsonb_to_recordset(%(keys)s::jsonb) as k (place int, k1 text)
join operations_custom_field t on t.name = k.k1
where t.active
