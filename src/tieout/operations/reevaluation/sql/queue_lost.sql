-- question:   Queue these projects for the job to reverse what this lost contract has not billed of them (operations
--             spec 2.1, E24).
-- grain:      one row per project that did not wait already
-- parameters: projects, contract_id, asked_by
-- index:      operations_project_pkey, operations_reevaluation_waits
insert into operations_reevaluation (
    company_code, project_id, contract_id, is_whole, reason, asked_by, done, refused
)
select company_code, id, %(contract_id)s, false, 'contract_lost', %(asked_by)s, 0, 0
from operations_project
where id = any(%(projects)s::uuid[])
order by number
on conflict (project_id, is_whole, contract_id, contract_line_id) where begun_at is null do nothing
