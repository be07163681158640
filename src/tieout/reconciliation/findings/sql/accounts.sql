-- question:   Which integration accounts have these companies, and in which currency do they keep their books?
-- grain:      one row per company and kind
-- parameters: companies
-- index:      none
select company_code, company_name, kind, account, currency_code, currency_digits
  from fact_integration_account
 where %(companies)s::text[] is null or company_code = any(%(companies)s::text[])
 order by company_code, kind
