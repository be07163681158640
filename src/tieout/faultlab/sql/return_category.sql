-- question:   Bring the category of lodging back to operations, as it was when the world was kept.
-- grain:      one row
-- parameters: none
-- index:      none: the laboratory's tables hold a handful of rows
insert into operations_category
select * from faultlab.operations_category k where k.code = 'LODGING'
on conflict do nothing
