-- question:   Keep every table of this database as it is now, to bring the world back for each seed.
-- grain:      one table of the schema faultlab per table that has rows
-- parameters: none
-- index:      none
do $keep$
declare
    one text;
    filled boolean;
begin
    drop schema if exists faultlab cascade;
    create schema faultlab;
    for one in select tablename from pg_tables where schemaname = 'public' loop
        execute format('select exists (select from public.%I)', one) into filled;
        if filled then
            execute format('create table faultlab.%I as table public.%I', one, one);
        end if;
    end loop;
end
$keep$
