-- question:   Which invalid actuals are to be looked at again?
-- grain:      one row of finance_staging_retry updated per actual; reports their number
-- parameters: company
-- index:      finance_staging_retry_unknown
update finance_staging_retry set validation = 'pending' where company_code = %(company)s and validation = 'invalid'
