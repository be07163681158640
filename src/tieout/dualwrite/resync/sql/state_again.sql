-- question:   State these records again, and keep that Sync asked for them.
-- grain:      one row per record
-- parameters: map, keys, asked_by
-- index:      none
with asked as (
    insert into outbox_resync (map, key, asked_by)
    select %(map)s, k.key, %(asked_by)s
    from unnest(%(keys)s::uuid[]) as k (key)
    returning map, key
)
insert into outbox_entry (map, key)
select a.map, a.key from asked a
