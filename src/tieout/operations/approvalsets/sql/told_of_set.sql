-- question:   Of which of these entries does the problem log still say that they wait in an approval set?
-- grain:      one row per entry
-- parameters: entry_ids
-- index:      problem_log_record, problem_resolution_pkey
select logged.record_id
from problem_log as logged
where logged.record_id = any(%(entry_ids)s::uuid[])
    and logged.process = 'approve'
    and logged.code = 'APR-141'
    and not exists (select from problem_resolution as over where over.problem_id = logged.id)
