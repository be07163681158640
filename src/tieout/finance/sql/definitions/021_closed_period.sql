-- A permanently closed period never opens again, whoever asks (finance spec 1.10): neither its status changes, nor the
-- dates or the kind of the period, nor the calendar of the company. Loading and the ledger calendar refuse it in words;
-- this refuses the rest.
create or replace function finance_keep_period_closed() returns trigger
language plpgsql as $closed$
begin
    raise exception 'a permanently closed period stays as it is: %', old using errcode = 'check_violation';
end
$closed$;

drop trigger if exists finance_status_stays on finance_period_status;
create trigger finance_status_stays before update of company_code, period_id, module, status or delete
on finance_period_status
for each row when (old.status = 'permanently_closed')
execute function finance_keep_period_closed();

create or replace function finance_keep_dates_closed() returns trigger
language plpgsql as $dates$
begin
    if exists (select from finance_period_status s where s.period_id = old.id and s.status = 'permanently_closed') then
        raise exception 'a permanently closed period stays as it is: %', old using errcode = 'check_violation';
    end if;
    return new;
end
$dates$;

drop trigger if exists finance_dates_stay on finance_fiscal_period;
create trigger finance_dates_stay before update of calendar, kind, starts, ends on finance_fiscal_period
for each row
when ((old.calendar, old.kind, old.starts, old.ends) is distinct from (new.calendar, new.kind, new.starts, new.ends))
execute function finance_keep_dates_closed();

create or replace function finance_keep_calendar() returns trigger
language plpgsql as $calendar$
begin
    if exists (
        select
        from finance_period_status s
        join finance_fiscal_period p on p.id = s.period_id
        where s.company_code = old.code and p.calendar = old.calendar and s.status = 'permanently_closed'
    ) then
        raise exception 'a permanently closed period stays as it is: %', old using errcode = 'check_violation';
    end if;
    return new;
end
$calendar$;

drop trigger if exists finance_calendar_stays on finance_company;
create trigger finance_calendar_stays before update of calendar on finance_company
for each row
when (old.calendar is distinct from new.calendar)
execute function finance_keep_calendar();
