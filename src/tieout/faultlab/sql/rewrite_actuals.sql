-- question:   Does the database let the program take an actual away?
-- grain:      none: it must refuse
-- parameters: none
-- index:      none
delete from operations_actual
