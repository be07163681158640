-- f(d) of finance spec 2.4: the date itself where its period is open; else, when postings may shift, the first
-- day of the next open period, never an earlier one; else null. Call it once per distinct date.
create or replace function finance_accounting_date(company text, wanted date, may_shift boolean) returns date
language sql stable parallel safe as $$
    select case
        when exists (
            select from finance_open_period o where o.company_code = company and wanted between o.starts and o.ends
        ) then wanted
        when may_shift then (
            select min(o.starts) from finance_open_period o where o.company_code = company and o.starts > wanted
        )
    end
$$;
