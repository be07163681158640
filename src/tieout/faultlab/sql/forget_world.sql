-- question:   Forget what was kept of this database, and the rules that were prepared in it.
-- grain:      none
-- parameters: none
-- index:      none
do $forget$
begin
    drop schema if exists faultlab cascade;
end
$forget$
