-- question:   Which problems of these records are open?
-- grain:      one row per open problem; one record has one per process at most
-- parameters: record_ids
-- index:      problem_log_record, problem_resolution_pkey
select p.id, p.code, p.process, p.company_code, p.record_kind, p.record_id, p.record_name, p.details::text as details,
       p.logged_at
from problem_log p
where p.record_id = any(%(record_ids)s::uuid[])
    and not exists (select from problem_resolution r where r.problem_id = p.id)
order by p.id
