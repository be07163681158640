-- The last known default rate on a date: units of `into_currency` for 100 of `of_currency`; null when there is none.
create or replace function finance_rate(of_currency text, into_currency text, on_date date) returns numeric
language sql stable parallel safe as $$
    select case
        when of_currency = into_currency then 100
        else (
            select r.rate
            from finance_exchange_rate r
            where r.from_currency = of_currency
                and r.to_currency = into_currency
                and r.rate_type = 'default'
                and r.valid_from <= on_date
            order by r.valid_from desc
            limit 1
        )
    end
$$;
