-- question:   Up to how many entries does this company approve at once?
-- grain:      one row; none where the company has no parameters
-- parameters: company
-- index:      operations_project_parameters_company_code_key
select approval_threshold from operations_project_parameters where company_code = %(company)s
