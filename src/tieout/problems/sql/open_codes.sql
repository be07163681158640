-- question:   Which codes stand open in one company and process, how often, and what does the newest of each say?
-- grain:      one row per code
-- parameters: company, process
-- index:      problem_resolution_pkey; one pass over the log
select p.code, count(*) as problems, min(p.logged_at) as since,
       (array_agg(p.details::text order by p.id desc))[1] as details
from problem_log p
where p.company_code = %(company)s
    and p.process = %(process)s
    and not exists (select from problem_resolution r where r.problem_id = p.id)
group by p.code
order by p.code
