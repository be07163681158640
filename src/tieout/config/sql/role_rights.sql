-- question:   Under which role does the program run, and which of these tables may it change although they are
--   append-only, or not read?
-- grain:      one row
-- parameters: append_only, all_tables
-- index:      none: the catalog
select
    current_user::text as role,
    (
        select min(name)
        from unnest(%(append_only)s::text[]) as given (name)
        where has_table_privilege(current_user, name, 'update, delete, truncate')
    ) as changeable,
    (
        select min(name)
        from unnest(%(all_tables)s::text[]) as given (name)
        where not has_table_privilege(current_user, name, 'select')
    ) as unreadable
