-- question:   Has this company documents that approval has refused, to be tried again?
-- grain:      one row
-- parameters: company
-- index:      none: the worklist of refused documents
select exists (select from operations_approval_retry where company_code = %(company)s) as is_so
