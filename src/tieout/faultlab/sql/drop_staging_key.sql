-- question:   Let staging take the same actual twice.
-- grain:      none
-- parameters: none
-- index:      none
alter table finance_staged_actual drop constraint finance_staged_actual_pkey
