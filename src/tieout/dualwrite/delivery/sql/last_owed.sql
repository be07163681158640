-- question:   What is the last record that a map owes now? What is stated later is the next run's.
-- grain:      one row; null when nothing is owed
-- parameters: map
-- index:      outbox_entry_pkey
select max(o.id) as id
from outbox_entry o
where o.map = %(map)s
