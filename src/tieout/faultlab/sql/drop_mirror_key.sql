-- question:   Let operations take the same expense twice.
-- grain:      none
-- parameters: none
-- index:      none
alter table operations_expense drop constraint operations_expense_pkey
