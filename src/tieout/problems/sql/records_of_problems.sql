-- question:   Which records of a company met these problems of one process?
-- grain:      one row per record
-- parameters: company, problem_ids, process
-- index:      problem_log_pkey
select distinct p.record_id
from problem_log p
where p.id = any(%(problem_ids)s::bigint[])
    and p.company_code = %(company)s
    and p.process = %(process)s
    and p.record_id is not null
