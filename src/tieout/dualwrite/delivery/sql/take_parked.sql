-- question:   Which parked records are due to be tried again? Those that waited longest first.
-- grain:      one row of outbox_taken per record
-- parameters: map, batch_size
-- index:      outbox_parked_pkey
insert into outbox_taken (key)
select p.key
from outbox_parked p
where p.map = %(map)s and p.next_try_at <= clock_timestamp()
order by p.tried_at, p.key
limit %(batch_size)s
for update skip locked
