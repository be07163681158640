-- question:   State again what the other side refused of this map, and keep that Sync asked for it.
-- grain:      one row per parked record of these companies
-- parameters: map, companies, asked_by
-- index:      outbox_parked_pkey
with asked as (
    insert into outbox_resync (map, key, asked_by)
    select p.map, p.key, %(asked_by)s
    from outbox_parked p
    where p.map = %(map)s and (%(companies)s::text[] is null or p.company_code = any(%(companies)s::text[]))
    returning map, key
)
insert into outbox_entry (map, key)
select a.map, a.key from asked a
