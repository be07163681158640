-- question:   How does a company import its actuals?
-- grain:      one row, or none when the company or its integration parameters are not set up
-- parameters: company
-- index:      finance_company_code_key, finance_integration_parameters_pkey
select c.code, i.line_limit, i.transfer_error_lines, i.beginning_balances_until, i.prevalidation
from finance_integration_parameters i
join finance_company c on c.code = i.company_code
where i.company_code = %(company)s
