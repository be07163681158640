-- question:   What does each map of this side owe to the other: how much, since when, how much of it is backlog, how
--             much of these companies was refused? And how far has an initial write come?
-- grain:      one row per map
-- parameters: companies
-- index:      outbox_entry_pkey, outbox_parked_pkey
select
    m.map,
    coalesce(e.waiting, 0) as waiting,
    coalesce(e.backlog, 0) as backlog,
    e.oldest,
    (
        select count(*)
        from outbox_parked p
        where p.map = m.map and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    ) as parked,
    w.stated as written,
    w.total as to_write
from outbox_map m
left join (
    select
        e.map,
        count(*) as waiting,
        count(*) filter (where e.id <= o.backlog_to) as backlog,
        min(e.stated_at) as oldest
    from outbox_entry e
    join outbox_map o on o.map = e.map
    group by e.map
) e on e.map = m.map
left join outbox_initial_write w on w.map = m.map and w.finished_at is null
order by m.map
