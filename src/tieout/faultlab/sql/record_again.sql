-- question:   Record a cost once more under a key of its own, as no verb does.
-- grain:      one row
-- parameters: key, again
-- index:      operations_actual_pkey
insert into operations_actual
select (jsonb_populate_record(
    a, jsonb_build_object('id', %(again)s::uuid, 'description', 'recorded once more', 'xid', pg_current_xact_id()::text)
)).*
from operations_actual a
where a.id = %(key)s
