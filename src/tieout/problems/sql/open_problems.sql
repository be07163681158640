-- question:   Which problems are open, of these companies and this process? The newest first.
-- grain:      one row per open problem, as many as asked for
-- parameters: companies, process, row_limit
-- index:      problem_log_recent, problem_resolution_pkey
select p.id, p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name, p.details::text as details,
       p.logged_at
from problem_log p
where not exists (select from problem_resolution r where r.problem_id = p.id)
    and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    and (%(process)s = '' or p.process = %(process)s)
order by p.logged_at desc, p.id desc
limit %(row_limit)s
