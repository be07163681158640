-- question:   Which costs are moved?
-- grain:      one row of finance_cost_transfer per good cost; reports their number
-- parameters: company, treatment
-- index:      none: a temporary table of one batch
insert into finance_cost_transfer (id, line_id, place, company_code, treatment)
select v.transfer_id, v.line_id, v.transfer_place, %(company)s, %(treatment)s
from cost_verdict v
where v.code is null
order by v.place
