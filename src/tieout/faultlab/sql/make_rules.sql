-- question:   Prepare rules of the tables that records arrive in: against those that faultlab.faultlab_refused names,
--             and against document lines of a category that is not there.
-- grain:      one check and one trigger per table that maps deliver documents and actuals to
-- parameters: none
-- index:      none
do $rules$
declare
    one record;
begin
    create table faultlab.faultlab_refused (key uuid primary key, kind text not null);
    create function faultlab.is_taken(record uuid) returns boolean language sql stable security definer as
        'select not exists (select from faultlab.faultlab_refused r where r.key = record and r.kind = ''check'')';
    create function faultlab.raise_against() returns trigger language plpgsql security definer as $raise$
    begin
        if exists (
            select from faultlab.faultlab_refused r
            where r.kind = 'raised' and r.key = (to_jsonb(new) ->> tg_argv[0])::uuid
        ) then
            raise exception 'the laboratory has a rule against it';
        end if;
        return new;
    end
    $raise$;
    grant usage on schema faultlab to tieout_app;
    for one in
        select t.name, t.key
        from (values
            ('operations_vendor_invoice', 'id'), ('operations_vendor_invoice_line', 'id'), ('operations_expense', 'id'),
            ('finance_staged_actual', 'actual_id'), ('finance_staged_connection', 'id'), ('operations_actual_posting', 'id')
        ) as t (name, key)
        where to_regclass(t.name) is not null
    loop
        execute format('alter table public.%1$I add constraint faultlab_rule check (faultlab.is_taken(%2$I)) not valid', one.name, one.key);
        execute format(
            'create trigger faultlab_rule before insert on public.%I for each row execute function faultlab.raise_against(%L)',
            one.name, one.key);
    end loop;
    -- No table of operations demands the category of a document line: here two do.
    for one in
        select t.name, ''::text as key
        from (values ('operations_vendor_invoice_line'), ('operations_expense')) as t (name)
        where to_regclass(t.name) is not null
    loop
        execute format(
            'alter table public.%I add constraint faultlab_category foreign key (category_id) references operations_category (id)',
            one.name);
    end loop;
end
$rules$
