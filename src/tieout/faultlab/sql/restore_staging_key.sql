-- question:   Let staging take an actual once, as before.
-- grain:      none
-- parameters: none
-- index:      none
alter table finance_staged_actual add primary key (actual_id)
