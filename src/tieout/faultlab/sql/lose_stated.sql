-- question:   Lose a stated record before it is delivered.
-- grain:      every statement of the record; reports their number
-- parameters: map, key
-- index:      outbox_entry_pkey
delete from outbox_entry where map = %(map)s and key = %(key)s
