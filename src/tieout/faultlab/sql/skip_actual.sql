-- question:   Mark an actual as one that is not to be sent, as if it had been recorded so.
-- grain:      one row, and what is owed of it; reports the number of the latter
-- parameters: key, map
-- index:      operations_actual_pkey
with marked as (
    update operations_actual set skip_sync = true where id = %(key)s returning id
)
delete from outbox_entry o
using marked
where o.map = %(map)s and o.key = marked.id
