-- question:   Let operations take an expense once, as before.
-- grain:      none
-- parameters: none
-- index:      none
alter table operations_expense add primary key (id)
