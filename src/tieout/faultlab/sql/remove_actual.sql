-- question:   Take an actual away that finance has already, as when operations is restored without it.
-- grain:      one row, and what is owed of it; reports the number of the latter
-- parameters: key, map
-- index:      operations_actual_pkey
with gone as (
    delete from operations_actual where id = %(key)s returning id
)
delete from outbox_entry o
using gone
where o.map = %(map)s and o.key = gone.id
