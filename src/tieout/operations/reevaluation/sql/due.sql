-- question:   Which projects of this company wait for the job, in the order of asking? With a contract, it is lost, and what
--             it has not billed is reversed; without, the project is evaluated again, with a contract line what that has sold.
-- grain:      one row per request
-- parameters: company
-- index:      operations_reevaluation_due
select id, project_id, contract_id, contract_line_id, is_whole, asked_by
from operations_reevaluation
where company_code = %(company)s and finished_at is null
order by id
