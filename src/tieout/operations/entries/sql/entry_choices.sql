-- question:   Which resources, projects and roles can a time entry of this company name?
-- grain:      one row per record that can be named, at most row_limit of a kind; the asker's own resource first
-- parameters: company, user_name, row_limit
-- index:      the unique codes of the set-up, which does not grow with the history
(
    select 'resource' as kind, code, name, user_name = %(user_name)s as own
    from operations_resource
    where company_code = %(company)s
    order by own desc, code
    limit %(row_limit)s
)
union all
(
    select 'project', number, name, false
    from operations_project
    where company_code = %(company)s and stage <> 'closed'
    order by number
    limit %(row_limit)s
)
union all
(
    select 'role', code, name, false
    from operations_role
    order by code
    limit %(row_limit)s
)
