-- The initial write of a set-up map: what was entered while the map was not running is known from the table alone.
-- It goes through the master's table by ranges of its key, each range a transaction of its own; broken off, it
-- continues after the last one.
drop function if exists outbox_initial_write(text, regclass);

-- Begins it. Writers under way are waited for: one that asked outbox_captures before the map started may commit
-- late, and its record must be in the table before the first range is read. Who writes after this transaction finds
-- the map capturing and states the record itself.
create or replace function outbox_begin_initial_write(map_name text, master_table regclass, who text) returns void
language plpgsql as $$
begin
    execute format('lock table %s in share mode', master_table);
    insert into outbox_initial_write (map, master, begun_by)
    values (map_name, master_table::text, who)
    on conflict (map) do update
    set master = excluded.master, begun_by = excluded.begun_by, begun_at = clock_timestamp(),
        after_key = null, stated = 0, total = null, finished_at = null;
    -- What it states stands before all other entries (see below), so that new records need not wait for it.
    update outbox_map set backlog_to = coalesce(backlog_to, 0) where map = map_name and state = 'running';
end
$$;

-- States the next range; answers how many records it had, null if no initial write is under way. Its entries are
-- numbered from below zero: they are backlog, delivered in their order beside the entries that are stated meanwhile.
create or replace function outbox_write_range(map_name text, batch_size integer) returns bigint
language plpgsql as $$
declare
    under_way outbox_initial_write;
    found_keys uuid[];
begin
    select * into under_way from outbox_initial_write w where w.map = map_name and w.finished_at is null for update;
    if not found then
        return null;
    end if;
    if under_way.total is null then
        execute format('select count(*) from %s', under_way.master::regclass) into under_way.total;
    end if;
    execute format(
        'select coalesce(array_agg(r.id order by r.id), ''{}'') from ('
        '  select m.id from %s m where $1 is null or m.id > $1 order by m.id limit $2) r',
        under_way.master::regclass
    ) into found_keys using under_way.after_key, batch_size;
    insert into outbox_entry (map, id, key)
    select map_name, nextval('outbox_entry_id') - 4611686018427387904, k.key
    from unnest(found_keys) with ordinality as k (key, place)
    order by k.place;
    update outbox_initial_write
    set total = under_way.total,
        stated = stated + cardinality(found_keys),
        after_key = coalesce(found_keys[cardinality(found_keys)], after_key),
        finished_at = case when cardinality(found_keys) < batch_size then clock_timestamp() end
    where map = map_name;
    return cardinality(found_keys);
end
$$;
