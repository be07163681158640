-- Whoever delivers is woken by the commit that states something: once for each statement, whatever its rows, and once
-- for each transaction, because the server folds equal notifications of one into one.
create or replace function outbox_wake() returns trigger
language plpgsql as $$
begin
    perform pg_notify('outbox', '');
    return null;
end
$$;
create or replace trigger outbox_entry_wakes after insert on outbox_entry
for each statement execute function outbox_wake();
-- A map that was started has something to deliver, too.
create or replace trigger outbox_map_wakes after update of state on outbox_map
for each statement execute function outbox_wake();
