-- question:   How much does each map of this side owe to the other, how much of it is backlog, and how far has an
--             initial write come?
-- grain:      one row per map
-- parameters: none
-- index:      outbox_entry_pkey; it reads what is owed
select
    m.map,
    coalesce(e.waiting, 0) as waiting,
    coalesce(e.backlog, 0) as backlog,
    w.stated as written,
    w.total as to_write
from outbox_map m
left join (
    select e.map, count(*) as waiting, count(*) filter (where e.id <= o.backlog_to) as backlog
    from outbox_entry e
    join outbox_map o on o.map = e.map
    group by e.map
) e on e.map = m.map
left join outbox_initial_write w on w.map = m.map and w.finished_at is null
order by m.map
