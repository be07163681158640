-- question:   In which state is each map of this side? A running map with a backlog is catching up.
-- grain:      one row per map
-- parameters: none
-- index:      none: a handful of rows
select
    m.map,
    case when m.state = 'running' and m.backlog_to is not null then 'catching_up' else m.state end as state,
    m.version,
    m.changed_at,
    m.changed_by
from outbox_map m
order by m.map
