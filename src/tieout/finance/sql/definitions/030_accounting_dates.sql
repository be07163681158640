-- f(d) of finance spec 2.4 for a set of dates, each once: the date itself where its period is open for the module that
-- posts; else, when postings may shift, the first day of the next such period, never an earlier one; else null.
drop function if exists finance_accounting_dates(text, date[], boolean);
create or replace function finance_accounting_dates(company text, of_module text, dates date[], may_shift boolean)
returns table (wanted_date date, accounting_date date)
language sql stable parallel safe as $$
    with open_period as materialized (
        select o.starts, o.ends from finance_open_period o where o.company_code = company and o.module = of_module
    )
    select
        d.wanted,
        case
            when exists (select from open_period o where d.wanted between o.starts and o.ends) then d.wanted
            when may_shift then (select min(o.starts) from open_period o where o.starts > d.wanted)
        end
    from unnest(dates) as d (wanted)
$$;
