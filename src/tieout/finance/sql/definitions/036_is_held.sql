-- Whether a session of this database holds the advisory lock of this key: one that is gone holds nothing.
create or replace function finance_is_held(lock_key bigint)
returns boolean
language sql volatile as $$
    select exists (
        select
        from pg_locks l
        where l.locktype = 'advisory'
            and l.objsubid = 1
            and l.granted
            and l.database = (select d.oid from pg_database d where d.datname = current_database())
            and l.classid::bigint = (lock_key >> 32) & 4294967295
            and l.objid::bigint = lock_key & 4294967295
    )
$$;
