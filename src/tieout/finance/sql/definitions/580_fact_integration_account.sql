-- Published fact (DESIGN D8), read whole: the integration accounts of every company (finance spec 1.12).
drop view if exists fact_integration_account;
create view fact_integration_account as
select c.code as company_code,
       c.name as company_name,
       k.kind::varchar(30) as kind,
       (case k.kind when 'expense' then i.expense_integration_account
                    else i.procurement_integration_account end)::varchar(20) as account,
       c.accounting_currency as currency_code,
       coalesce(m.digits, 2)::smallint as currency_digits
  from finance_integration_parameters i
  join finance_company c on c.code = i.company_code
  cross join (values ('expense'), ('vendor_invoice_line')) as k (kind)
  left join finance_currency m on m.code = c.accounting_currency;
