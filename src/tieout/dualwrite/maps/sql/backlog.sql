-- question:   Up to which entry is what a map owes its backlog?
-- grain:      one row; null when the map has caught up
-- parameters: map
-- index:      outbox_map_pkey
select m.backlog_to from outbox_map m where m.map = %(map)s
