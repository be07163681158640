-- question:   Forget what was kept of this database, and the rules that were prepared in it.
-- grain:      none
-- parameters: none
-- index:      none
do $forget$
begin
    drop schema if exists faultlab cascade;
    alter table if exists operations_vendor_invoice_line drop constraint if exists faultlab_category;
    alter table if exists operations_expense drop constraint if exists faultlab_category;
end
$forget$
