-- question:   Which problems of these records are open?
-- grain:      one row per open problem, with how often it was met; one record has one per process at most
-- parameters: record_ids
-- index:      problem_log_record, problem_resolution_pkey, problem_sighting_pkey
select p.id, p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name, p.details::text as details,
       1 + coalesce(s.times, 0) as times, p.logged_at as first_seen, coalesce(s.last_seen, p.logged_at) as last_seen,
       null::timestamptz as resolved_at, null::text as resolved_by
from problem_log p
left join problem_sighting s on s.problem_id = p.id
where p.record_id = any(%(record_ids)s::uuid[])
    and not exists (select from problem_resolution r where r.problem_id = p.id)
order by p.id
