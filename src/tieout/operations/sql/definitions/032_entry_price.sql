-- The price of an entry, whatever its class: of time by its dimensions, of an expense by category and unit, of material
-- by product and unit. `side` is cost or sales, `of_holder` the contracting unit (or the resourcing unit) or the
-- contract; `cost` is what was typed on the entry (cost) or the unit price of the cost actual (sales). What a subcontract
-- is named for costs by its purchase lists.
drop function if exists operations_entry_price(text, uuid, text, jsonb, uuid, uuid, text, date, numeric, text);
create or replace function operations_entry_price(
    side text, of_holder uuid, of_class text, of_dimensions jsonb, of_category uuid, of_product uuid, of_unit text,
    on_date date, cost numeric, cost_currency text, of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, exchange_rate numeric, reason text
)
language sql stable parallel safe as $$
    select found.* from operations_cost_price(of_holder, of_dimensions, on_date, of_subcontract) as found
    where of_class = 'time' and side = 'cost'
    union all
    select found.* from operations_sales_price(of_holder, of_dimensions, on_date) as found
    where of_class = 'time' and side = 'sales'
    union all
    select found.*
    from operations_category_price(
        side, of_holder, of_category, of_unit, on_date, cost, cost_currency, of_subcontract
    ) as found
    where of_class = 'expense'
    union all
    select found.*
    from operations_product_price(
        side, of_holder, of_product, of_unit, on_date, cost, cost_currency, of_subcontract
    ) as found
    where of_class = 'material'
$$;

-- Is a reason that of a price, not of a missing one (pricing/rules.py PRICED)?
create or replace function operations_is_priced(reason text) returns boolean
language sql immutable parallel safe as $$
    select reason in (
        'role_price', 'category_price', 'product_price', 'typed_price', 'at_cost', 'markup_over_cost', 'posted_amount'
    )
$$;

-- What a count of a unit is worth, rounded half up to the decimals of its currency. Of time the count is minutes and
-- the price per hour (`per` 60): four more decimals make the quotient fine enough that rounding it is exact for any
-- price of 16 decimals. Everything else is counted in its unit (`per` 1).
create or replace function operations_worth(count numeric, per integer, price numeric, digits integer) returns numeric
language sql immutable parallel safe as $$
    select round(case per when 1 then count * price else count * price * 1.0000 / per end, digits)
$$;
