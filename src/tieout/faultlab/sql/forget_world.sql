-- question:   Forget what was kept of this database, and the rules that were prepared in it.
-- grain:      none
-- parameters: none
-- index:      none
drop schema if exists faultlab cascade
