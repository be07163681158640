-- question:   Is the feature Project Operations integration workspace on in a company?
-- grain:      one row; a company without integration parameters did not switch it off
-- parameters: company
-- index:      finance_integration_parameters_pkey
select not exists (
    select
    from finance_integration_parameters i
    where i.company_code = %(company)s and not i.workspace_enabled
) as is_on
