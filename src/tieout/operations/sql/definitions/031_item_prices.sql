-- Which price applies to a category or a product, and why (operations spec 3.5, 3.6, 3.9). `side` is cost or sales,
-- `of_holder` the contracting unit or the contract, `of_subcontract` what a cost is bought under; `cost` and `cost_currency` are what was typed on the entry (cost)
-- or the unit price of the cost actual (sales). Category and unit, product and unit are met exactly or not at all.

drop function if exists operations_item_list(text, uuid, date);
drop function if exists operations_category_price(text, uuid, uuid, text, date, numeric, text);
drop function if exists operations_product_price(text, uuid, uuid, text, date, numeric, text);

-- The list that prices a side on a date, and the currency that its price is wanted in.
create or replace function operations_item_list(side text, of_holder uuid, of_subcontract uuid, on_date date)
returns table (price_list_id uuid, list_currency text, currency_code text, rate_type text, is_ambiguous boolean)
language sql stable parallel safe as $$
    select
        list.price_list_id, list.currency_code, unit.currency_code::text, parameters.rate_type::text, list.is_ambiguous
    from operations_organizational_unit as unit
    left join lateral operations_cost_list(unit.id, of_subcontract, on_date) as list on true
    left join operations_pricing_parameters as parameters on parameters.company_code = unit.company_code
    where side = 'cost' and unit.id = of_holder
    union all
    select
        list.price_list_id, contract.currency_code::text, contract.currency_code::text, parameters.rate_type::text,
        list.is_ambiguous
    from operations_contract as contract
    left join lateral operations_sales_list(contract.id, on_date) as list on true
    left join operations_pricing_parameters as parameters on parameters.company_code = contract.company_code
    where side = 'sales' and contract.id = of_holder
$$;

-- A line of a list met with what the thing cost. On the cost side only a price per unit is a price, and what was
-- typed stands where the list has none; on the sales side the three methods; a write-in is what was typed, on both.
create or replace function operations_item_price(
    side text, of_list uuid, of_list_currency text, of_currency text, of_rate_type text, is_ambiguous boolean,
    of_line uuid, of_method text, of_price numeric, of_percent numeric,
    cost numeric, cost_currency text, on_date date, from_line text, without_line text
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, exchange_rate numeric, reason text
)
language sql stable parallel safe as $$
    with decided as (
        select
            case
                when of_method = 'price_per_unit' then from_line
                when cost is not null and (side = 'cost' or of_method = 'write_in') then 'typed_price'
                when of_method = 'write_in' then 'no_cost'
                when is_ambiguous then 'ambiguous_price_list'
                when of_list is null then 'no_price_list'
                when of_line is null then without_line
                when side = 'cost' then 'method_not_on_cost'
                when cost is null then 'no_cost'
                else of_method
            end as reason
    ),
    based as (
        select
            decided.reason,
            case when decided.reason = from_line then of_price else cost end as price,
            case when decided.reason = from_line then of_list_currency else cost_currency end as currency,
            case when decided.reason = 'markup_over_cost' then of_percent end as percent,
            decided.reason in (from_line, 'typed_price', 'at_cost', 'markup_over_cost') as is_priced
        from decided
    )
    select
        case
            when based.is_priced and known.rate is not null
                then round(based.price * (100 + coalesce(based.percent, 0)) * known.rate * 0.0001, 16)
            else 0
        end,
        of_currency,
        of_list,
        case when based.reason in (from_line, 'at_cost', 'markup_over_cost') then of_line end,
        null::uuid,
        null::uuid,
        based.percent,
        case when based.reason = from_line then of_price end,
        of_list_currency,
        case when based.is_priced and based.currency <> of_currency then known.rate end,
        case when based.is_priced and known.rate is null then 'no_exchange_rate' else based.reason end
    from based
    left join lateral operations_last_rate(
        based.currency, of_currency, on_date, coalesce(of_rate_type, 'default')
    ) as known on true
$$;

-- In plpgsql, because it keeps its plan: planned within submission it took longer than one entry's submission.
create or replace function operations_category_price(
    side text, of_holder uuid, of_category uuid, of_unit text, on_date date, cost numeric, cost_currency text,
    of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, exchange_rate numeric, reason text
)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    select found.*
    from (values (of_holder)) as asked (holder)
    left join lateral operations_item_list(side, asked.holder, of_subcontract, on_date) as list on true
    left join operations_category_price as line
        on line.price_list_id = list.price_list_id and line.category_id = of_category and line.unit = of_unit
    cross join lateral operations_item_price(
        side, list.price_list_id, list.list_currency, list.currency_code, list.rate_type, list.is_ambiguous,
        line.id, line.method, line.price, line.percent, cost, cost_currency, on_date,
        'category_price', 'no_category_price'
    ) as found;
end
$$;

-- Without a product it is a write-in: what was typed is the price on both sides. The cost of a product of the
-- catalogue comes from the list alone.
create or replace function operations_product_price(
    side text, of_holder uuid, of_product uuid, of_unit text, on_date date, cost numeric, cost_currency text,
    of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, exchange_rate numeric, reason text
)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    select found.*
    from (values (of_holder)) as asked (holder)
    left join lateral operations_item_list(side, asked.holder, of_subcontract, on_date) as list on true
    left join operations_product_price as line
        on line.price_list_id = list.price_list_id and line.product_id = of_product and line.unit = of_unit
    cross join lateral operations_item_price(
        side, list.price_list_id, list.list_currency, list.currency_code, list.rate_type, list.is_ambiguous,
        line.id, case when of_product is null then 'write_in' else line.method end, line.price, line.percent,
        case when side = 'sales' or of_product is null then cost end, cost_currency, on_date,
        'product_price', 'no_product_price'
    ) as found;
end
$$;

-- Discount and fee of a time and materials line, both on the gross amount (operations spec 3.9), rounded half up to
-- the decimals of its currency; `extended` is what is billed before tax.
create or replace function operations_discount_and_fee(
    gross numeric, discount_percent numeric, fee_percent numeric, digits integer
)
returns table (discount numeric, fee numeric, extended numeric)
language sql immutable parallel safe as $$
    select rounded.discount, rounded.fee, gross - rounded.discount + rounded.fee
    from (
        select
            round(gross * coalesce(discount_percent, 0) * 0.01, digits) as discount,
            round(gross * coalesce(fee_percent, 0) * 0.01, digits) as fee
    ) as rounded
$$;
