-- question:   In which state is each map of this side, and how many records wait for delivery?
-- grain:      one row per map
-- parameters: none
-- index:      outbox_entry_pkey
select
    m.map,
    m.state,
    m.version,
    m.changed_at,
    m.changed_by,
    coalesce(e.waiting, 0) as waiting,
    e.oldest
from outbox_map m
left join (
    select e.map, count(*) as waiting, min(e.stated_at) as oldest
    from outbox_entry e
    group by e.map
) e on e.map = m.map
order by m.map
