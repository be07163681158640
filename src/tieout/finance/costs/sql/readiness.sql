-- question:   Can costs of a company be moved on a date: is its period open, and is there a sequence of voucher numbers?
-- grain:      one row, or none when the company or its integration parameters are not set up
-- parameters: company, sequence, accounting_date
-- index:      finance_company_code_key, finance_integration_parameters_pkey, finance_number_sequence_key
select
    exists (
        select
        from finance_accounting_dates(c.code, 'project', array[%(accounting_date)s::date], false) d
        where d.accounting_date is not null
    ) as is_open,
    exists (
        select from finance_number_sequence s where s.company_code = c.code and s.reference = %(sequence)s
    ) as has_numbers
from finance_company c
join finance_integration_parameters i on i.company_code = c.code
where c.code = %(company)s
