-- question:   Has a map parked records that are due to be tried again?
-- grain:      one row
-- parameters: map
-- index:      outbox_parked_pkey
select exists (
    select from outbox_parked p where p.map = %(map)s and p.next_try_at <= clock_timestamp()
) as is_so
