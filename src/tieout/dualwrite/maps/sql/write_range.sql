-- question:   State the next records of an initial write, in the order of their keys; is there more?
-- grain:      one row: how many were stated, null if no initial write is under way
-- parameters: map, batch_size
-- index:      outbox_initial_write_pkey and the key of the master's table
select outbox_write_range(%(map)s, %(batch_size)s) as stated
