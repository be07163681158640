-- State every record of the set-up table `master` for its map: what was entered while the map was not running
-- is known from the table alone. Answers how many. Writers are waited for and kept out until the transaction
-- ends: one that asked outbox_captures before the map started may not commit after the table was read.
create or replace function outbox_initial_write(map_name text, master regclass) returns bigint
language plpgsql as $$
declare
    stated bigint;
begin
    execute format('lock table %s in share mode', master);
    execute format('insert into outbox_entry (map, key) select $1, m.id from %s m', master) using map_name;
    get diagnostics stated = row_count;
    return stated;
end
$$;
