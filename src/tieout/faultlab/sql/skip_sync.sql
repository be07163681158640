-- question:   Mark an actual skip sync that is to travel.
-- grain:      one row
-- parameters: key
-- index:      operations_actual_pkey
update operations_actual set skip_sync = true where id = %(key)s
