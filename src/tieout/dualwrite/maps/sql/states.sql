-- question:   In which state is each map of this side, since when does it owe something, and how much of these companies
--             was refused? A running map with a backlog is catching up.
-- grain:      one row per map; the oldest is that of the first entry of each lane, without reading the others
-- parameters: companies
-- index:      outbox_entry_pkey, outbox_parked_pkey
select
    m.map,
    case when m.state = 'running' and m.backlog_to is not null then 'catching_up' else m.state end as state,
    m.version,
    m.changed_at,
    m.changed_by,
    least(
        (select e.stated_at from outbox_entry e where e.map = m.map order by e.id limit 1),
        -- an initial write numbers its entries below zero, whatever waits beside it
        (select e.stated_at from outbox_entry e where e.map = m.map and e.id > 0 order by e.id limit 1)
    ) as oldest,
    (
        select count(*)
        from outbox_parked p
        where p.map = m.map and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    ) as parked
from outbox_map m
order by m.map
