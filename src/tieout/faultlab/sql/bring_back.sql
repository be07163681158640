-- question:   Make every table of this database what it was when the world was kept.
-- grain:      none
-- parameters: none
-- index:      none
-- Guards and keys between tables are for the program: here the owner puts whole tables back.
do $back$
declare
    one record;
    differs boolean;
begin
    set local session_replication_role = replica;
    delete from faultlab.faultlab_refused;
    for one in
        select t.tablename as name, k.tablename is not null as kept
        from pg_tables t
        left join pg_tables k on k.schemaname = 'faultlab' and k.tablename = t.tablename
        where t.schemaname = 'public'
    loop
        if one.kept then
            execute format(
                'select exists ((table public.%1$I except all table faultlab.%1$I)'
                ' union all (table faultlab.%1$I except all table public.%1$I))', one.name) into differs;
            if differs then
                execute format('delete from public.%I', one.name);
                execute format('insert into public.%1$I table faultlab.%1$I', one.name);
            end if;
        else
            execute format('delete from public.%I', one.name);
        end if;
    end loop;
end
$back$
