-- question:   Begin this request, or go on with it: which entry was tried last?
-- grain:      one row
-- parameters: request
-- index:      operations_reevaluation_pkey
update operations_reevaluation
set begun_at = coalesce(begun_at, now())
where id = %(request)s
returning after_entry
