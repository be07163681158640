-- The price of an entry, whatever its class: of time by its dimensions, of an expense by category and unit, of material
-- by product and unit. `side` is cost or sales, `of_holder` the contracting unit (or the resourcing unit) or the
-- contract; `of_cost` is what was typed on the entry (cost) or the unit price of the cost actual (sales). What a
-- subcontract is named for costs by its purchase lists.
drop function if exists operations_entry_price(
    text, uuid, text, jsonb, uuid, uuid, text, date, numeric, text
);
create or replace function operations_entry_price(
    side text, of_holder uuid, of_class text, of_dimensions jsonb, of_category uuid, of_product uuid, of_unit text,
    on_date date, of_cost numeric, of_cost_currency text, of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, cost_price numeric, cost_currency text,
    cost_percent numeric, exchange_rate numeric, reason text
)
language sql stable parallel safe as $$
    select found.* from operations_cost_price(of_holder, of_dimensions, on_date, of_subcontract) as found
    where of_class = 'time' and side = 'cost'
    union all
    select found.* from operations_sales_price(of_holder, of_dimensions, on_date, of_cost, of_cost_currency)
        as found
    where of_class = 'time' and side = 'sales'
    union all
    select found.*
    from operations_category_price(
        side, of_holder, of_category, of_unit, on_date, of_cost, of_cost_currency, of_subcontract
    ) as found
    where of_class = 'expense'
    union all
    select found.*
    from operations_product_price(
        side, of_holder, of_product, of_unit, on_date, of_cost, of_cost_currency, of_subcontract
    ) as found
    where of_class = 'material'
$$;

-- What 100 of the currency that a tax was typed in are in that of a line, by the rates of the company; none is null. In
-- plpgsql, because it keeps its plan, and few entries have a tax.
create or replace function operations_tax_rate(
    of_company text, of_currency text, to_currency_code text, on_date date
)
returns numeric
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    return (
        select known.rate
        from (values (of_company)) as asked (company)
        left join operations_pricing_parameters as parameters on parameters.company_code = asked.company
        cross join lateral operations_last_rate(
            of_currency, to_currency_code, on_date, coalesce(parameters.rate_type, 'default')
        ) as known
    );
end
$$;

-- A typed tax in the currency of a line, rounded half up to its decimals: cost carries it, and unbilled sales, which are
-- what may be passed on (operations spec 3.7; BUG 2589619). Between units and companies it is not charged again.
create or replace function operations_line_tax(
    of_type text, of_tax numeric, rate numeric, digits integer
)
returns numeric
language sql immutable parallel safe as $$
    select case
        when of_tax = 0 or rate is null or of_type not in ('cost', 'unbilled_sales') then 0
        else round(of_tax * rate * 0.01, digits)
    end
$$;

-- Was a tax typed for such a line and cannot be converted?
create or replace function operations_lacks_tax(of_type text, of_tax numeric, rate numeric) returns boolean
language sql immutable parallel safe as $$
    select of_tax <> 0 and rate is null and of_type in ('cost', 'unbilled_sales')
$$;

-- What a count of a unit is worth, rounded half up to the decimals of its currency. Of time the count is minutes and
-- the price per hour (`per` 60): four more decimals make the quotient fine enough that rounding it is exact for any
-- price of 16 decimals. Everything else is counted in its unit (`per` 1).
create or replace function operations_worth(count numeric, per integer, price numeric, digits integer) returns numeric
language sql immutable parallel safe as $$
    select round(case per when 1 then count * price else count * price * 1.0000 / per end, digits)
$$;
