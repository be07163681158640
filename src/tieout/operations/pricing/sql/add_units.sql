-- question:   Which of these units of measure are not set up? They come; what the firm has changed stays.
-- grain:      one row per unit that is added
-- parameters: rows
-- index:      operations_measure_unit_code_key
insert into operations_measure_unit (code, name, unit_group, size, version)
select n.code, n.name, n.unit_group, n.size, 1
from jsonb_to_recordset(%(rows)s::jsonb) as n (code text, "name" text, unit_group text, size numeric)
on conflict (code) do nothing
