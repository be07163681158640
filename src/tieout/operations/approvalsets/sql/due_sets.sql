-- question:   Which approval sets of this company are to be processed, in their order?
-- grain:      one row per set
-- parameters: company
-- index:      operations_approval_set_due
select id
from operations_approval_set
where company_code = %(company)s and in_flight
order by id
