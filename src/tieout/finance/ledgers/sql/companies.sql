-- question:   Which of these companies are set up?
-- grain:      one row per company; parameter null: every company
-- parameters: companies
-- index:      none: a handful of rows
select code, name, accounting_currency
  from finance_company
 where %(companies)s::text[] is null or code = any(%(companies)s::text[])
 order by code
