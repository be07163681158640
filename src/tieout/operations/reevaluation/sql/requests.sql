-- question:   Which projects of this company were to be evaluated again lately, and what came of it?
-- grain:      one row per request, the latest first, at most row_limit
-- parameters: company, row_limit
-- index:      operations_reevaluation_pkey
select
    request.id, project.number as project_number, request.is_whole, request.reason, request.asked_by, request.asked_at,
    request.begun_at, request.finished_at, request.done, request.refused
from operations_reevaluation as request
inner join operations_project as project on project.id = request.project_id
where request.company_code = %(company)s
order by request.id desc
limit %(row_limit)s
