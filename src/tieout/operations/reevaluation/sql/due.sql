-- question:   Which projects of this company wait to be evaluated again, in the order of asking?
-- grain:      one row per request
-- parameters: company
-- index:      operations_reevaluation_due
select id, project_id, is_whole, asked_by
from operations_reevaluation
where company_code = %(company)s and finished_at is null
order by id
