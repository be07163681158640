-- question:   Which open problems of a process are over, because their records passed it now?
-- grain:      one row of problem_resolution per problem; reports their number
-- parameters: record_ids, process, resolved_by
-- index:      problem_log_record, problem_resolution_pkey
insert into problem_resolution (problem_id, resolved_by)
select p.id, %(resolved_by)s
from unnest(%(record_ids)s::uuid[]) as passed (record_id)
join problem_log p on p.record_id = passed.record_id and p.process = %(process)s
where not exists (select from problem_resolution r where r.problem_id = p.id)
