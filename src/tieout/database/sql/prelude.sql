-- Run in each of the three databases before migrations: what column defaults need.

-- A UUID of version 7 rises with time, so that new keys go to the right edge of an index and rows can be listed in
-- the order of their making. It is composed as RFC 9562 allows: 48 bits of milliseconds (the highest four are 0 until
-- the year 2527), the version, 12 bits of the fraction of the millisecond, the variant, 62 random bits. The server's
-- own uuidv7() asks the operating system for each key's random bits, and a stage makes several keys per row; random()
-- asks once per connection (`make bench-decisions` measures both). A key is no secret: it need not be hard to guess.
-- The clock is read twice, because only a single expression is inlined; at the turn of a millisecond a key may step
-- back.
create or replace function tieout_id() returns uuid
language sql volatile parallel safe as $body$
    select (
        '0'
        || to_hex(
            (floor(date_part('epoch', clock_timestamp()) * 1000)::bigint << 16)
            | 28672
            | (date_part('microseconds', clock_timestamp())::bigint % 1000 * 4096 / 1000)
        )
        || to_hex(
            (-9223372036854775808)
            | (floor(random() * 2147483648)::bigint << 31)
            | floor(random() * 2147483648)::bigint
        )
    )::uuid
$body$;

-- What a side states is numbered in the order of stating; what arrives, by delivery batch.
create sequence if not exists outbox_entry_id;
create sequence if not exists outbox_batch_id;

-- The program's role: it may write, but what happened it may neither change nor delete (D6).
-- Grants follow after migrations, in grants.sql.
do $role$
begin
    if not exists (select from pg_roles where rolname = 'tieout_app') then
        create role tieout_app nologin;
    end if;
exception
    when duplicate_object or unique_violation then null; -- another database of this server was first
end
$role$;

do $member$
begin
    execute format('grant tieout_app to %I', current_user);
exception
    when insufficient_privilege or invalid_grant_operation then null; -- the operator has granted it
end
$member$;

-- What happened is never changed: attached to every append-only table.
create or replace function tieout_refuse_change() returns trigger
language plpgsql as $refuse$
begin
    raise exception '% is append-only: % refused; correct it with a new row', tg_table_name, tg_op
        using errcode = 'restrict_violation';
end
$refuse$;

-- Statistics of a table that has just grown: the planner must know it before autovacuum has come round.
-- Only the owner of a table may analyze it, so the program asks through this function.
create or replace function tieout_analyze(table_name regclass) returns void
language plpgsql security definer set search_path = pg_catalog, public as $analyze$
begin
    execute format('analyze %s', table_name);
end
$analyze$;
