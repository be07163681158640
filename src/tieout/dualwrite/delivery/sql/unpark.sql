-- question:   Which parked records of the batch are parked no longer, because the other side did not refuse them now?
-- grain:      one row per record
-- parameters: map, refused
-- index:      outbox_parked_pkey
delete from outbox_parked p
using outbox_taken t
where p.map = %(map)s and p.key = t.key and not p.key = any(%(refused)s::uuid[])
returning p.key
