-- question:   Take an actual out of operations, and what is stated of it.
-- grain:      none
-- parameters: map, key
-- index:      operations_actual_pkey; the outbox of the laboratory holds a handful of rows
with gone as (
    delete from operations_actual where id = %(key)s returning id
)
delete from outbox_entry e
using gone g
where e.map = %(map)s and e.key = g.id
