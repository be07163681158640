-- question:   What went wrong, of these companies, in this process, between these moments? The newest first.
-- grain:      one row per fingerprint: the same problem of the same record is one, however often it came back
-- parameters: companies, process, state, since, until, row_limit
-- index:      problem_log_recent, problem_resolution_pkey, problem_hidden_pkey
select max(p.id) as id, p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name,
       p.details::text as details, count(*) as times, min(p.logged_at) as first_seen, max(p.logged_at) as last_seen,
       case when count(*) = count(r.problem_id) then max(r.resolved_at) end as resolved_at
from problem_log p
left join problem_resolution r on r.problem_id = p.id
where p.logged_at >= %(since)s
    and p.logged_at < %(until)s
    and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    and (%(process)s = '' or p.process = %(process)s)
    and not exists (select from problem_hidden h where h.problem_id = p.id)
group by p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name, p.details::text
having %(state)s = 'all'
    or (%(state)s = 'open') = (count(*) > count(r.problem_id))
order by max(p.logged_at) desc, max(p.id) desc
limit %(row_limit)s
