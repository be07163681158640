-- question:   Which postings are written back to operations?
-- grain:      one row of outbox_entry per good line, where the map captures changes; reports their number
-- parameters: none
-- index:      none: a temporary table of one slice; its rows lie in the order of their vouchers
insert into outbox_entry (map, key)
select 'msdyn_actuals_posting', v.id
from posting_verdict v
where v.code is null and outbox_captures('msdyn_actuals_posting')
