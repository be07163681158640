-- question:   Let every statement of this transaction see one moment, and none of them write.
-- grain:      none
-- parameters: none
-- index:      none
set transaction isolation level repeatable read, read only
