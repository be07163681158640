-- question:   Which running maps of this side have something to deliver now?
-- grain:      one row per map
-- parameters: with_parked
-- index:      outbox_entry_pkey, outbox_parked_pkey
select m.map
from outbox_map m
where m.state = 'running'
    and (
        m.backlog_to is not null
        or exists (select from outbox_entry e where e.map = m.map)
        or (
            %(with_parked)s
            and exists (
                select from outbox_parked p where p.map = m.map and p.next_try_at <= clock_timestamp()
            )
        )
    )
