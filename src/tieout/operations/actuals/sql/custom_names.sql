-- question:   Which custom fields do the actuals of a project carry?
-- grain:      one row per name, by name
-- parameters: company, project_id, date_from, date_to
-- index:      operations_actual_of_project; every actual of the project between the dates is read
select distinct named.name
from operations_actual as actual
cross join lateral jsonb_object_keys(actual.custom) as named (name)
where actual.project_id = %(project_id)s
    and actual.company_code = %(company)s
    and actual.transaction_date between %(date_from)s and %(date_to)s
    and actual.custom <> '{}'::jsonb
order by named.name
