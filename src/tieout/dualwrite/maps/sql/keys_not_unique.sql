-- question:   Which of these maps land in a table whose key is not unique? Arriving twice would then double a record.
-- grain:      one row per map
-- parameters: maps
-- index:      the catalog's own
select m.map, m.table_name, m.key
from jsonb_to_recordset(%(maps)s::jsonb) as m (map text, table_name text, key text)
where not exists (
    select
    from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = to_regclass(m.table_name)
        and a.attname = m.key
        and i.indisunique
        and i.indisvalid
        and i.indnkeyatts = 1
        and i.indpred is null
)
order by m.map
