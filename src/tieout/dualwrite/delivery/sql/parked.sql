-- question:   Which records did the other side refuse, and in which words? Those that wait longest first.
-- grain:      one row per parked record, as many as asked for
-- parameters: map, companies, row_limit
-- index:      outbox_parked_pkey, problem_log_record
select
    p.map,
    p.key,
    p.company_code,
    p.kind,
    p.attempts,
    p.parked_at,
    p.tried_at,
    p.next_try_at,
    l.record_name,
    l.code,
    l.details::text as details
from outbox_parked p
cross join lateral (
    select l.record_name, l.code, l.details
    from problem_log l
    where l.record_id = p.key and l.process = 'deliver' and l.record_kind = p.map
    order by l.id desc
    limit 1
) l
where (%(map)s = '' or p.map = %(map)s)
    and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
order by p.parked_at, p.map, p.key
limit %(row_limit)s
