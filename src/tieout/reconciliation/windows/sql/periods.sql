-- question:   Which fiscal periods has this company, and with which status?
-- grain:      one row per period
-- parameters: company
-- index:      none
select fiscal_year, name, kind, starts, ends, status
  from fact_period
 where company_code = %(company)s
 order by starts, ends, name
