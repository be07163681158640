-- question:   What went wrong, of these companies, this process and code, and was met between these moments, for the first
--             time or last? The newest first.
--             Null companies are all; a moment that is null does not bound. What was deleted from the screens is
--             left out unless it is asked for, and so is what is not the newest of its record in its process, where
--             only that is asked for.
-- grain:      one row per fingerprint: the same problem of the same record is one, however often it came back
-- parameters: companies, process, code, state, newest_of_record, deleted, since, until, row_limit
-- index:      problem_log_recent, problem_log_record, problem_resolution_pkey, problem_hidden_pkey, problem_sighting_pkey,
--             problem_sighting_recent
with met as materialized (
    select p.id
    from problem_log p
    where p.logged_at >= coalesce(%(since)s::timestamptz, '-infinity')
        and p.logged_at < coalesce(%(until)s::timestamptz, 'infinity')
    union
    select s.problem_id
    from problem_sighting s
    where s.last_seen >= coalesce(%(since)s::timestamptz, '-infinity')
        and s.last_seen < coalesce(%(until)s::timestamptz, 'infinity')
)
select max(p.id) as id, p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name,
       p.details::text as details, count(*) + coalesce(sum(s.times), 0) as times, min(p.logged_at) as first_seen,
       max(coalesce(s.last_seen, p.logged_at)) as last_seen,
       case when count(*) = count(r.problem_id) then max(r.resolved_at) end as resolved_at,
       case
           when count(*) = count(r.problem_id) then (array_agg(r.resolved_by order by r.resolved_at desc))[1]
       end as resolved_by
from met
join problem_log p on p.id = met.id
left join problem_resolution r on r.problem_id = p.id
left join problem_sighting s on s.problem_id = p.id
where (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    and (%(process)s = '' or p.process = %(process)s)
    and (%(code)s = '' or p.code = %(code)s)
    and (%(deleted)s or not exists (select from problem_hidden h where h.problem_id = p.id))
    and not (
        %(newest_of_record)s
        and exists (
            select
            from problem_log n
            where n.record_id = p.record_id
                and n.process = p.process
                and n.id > p.id
                and (n.code, n.details) is distinct from (p.code, p.details)
        )
    )
group by p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name, p.details::text
having %(state)s = 'all'
    or (%(state)s = 'open') = (count(*) > count(r.problem_id))
order by max(coalesce(s.last_seen, p.logged_at)) desc, max(p.id) desc
limit %(row_limit)s
