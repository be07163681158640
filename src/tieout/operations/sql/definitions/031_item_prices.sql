-- Which price applies to a category or a product, and why (operations spec 3.5, 3.6, 3.9). `side` is cost or sales,
-- `of_holder` the contracting unit or the contract, `of_subcontract` what a cost is bought under; `of_cost` in
-- `of_cost_currency` is what was typed on the entry (cost) or the unit price of the cost actual (sales). Category and
-- unit, product and unit are met exactly or not at all.

drop function if exists operations_item_price(
    text, uuid, text, text, text, boolean, uuid, text, numeric, numeric, numeric, text, date, text, text
);

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

-- What cost so much, with a percentage over it (null: none), at a rate per 100: rounded half up once.
create or replace function operations_over_cost(of_cost numeric, percent numeric, rate numeric, digits integer)
returns numeric
language sql immutable parallel safe as $$
    select round(of_cost * (100 + coalesce(percent, 0)) * rate * 0.0001, digits)
$$;

-- A line of a list met with what the thing cost. On the cost side only a price per unit is a price, and what was
-- typed stands where the list has none; on the sales side the three methods; a write-in is what was typed, on both.
create or replace function operations_item_price(
    side text, of_list uuid, of_list_currency text, of_currency text, of_rate_type text, is_ambiguous boolean,
    of_line uuid, of_method text, of_price numeric, of_percent numeric,
    of_cost numeric, of_cost_currency text, on_date date, from_line text, without_line text
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, cost_price numeric, cost_currency text,
    cost_percent numeric, exchange_rate numeric, reason text
)
language sql stable parallel safe as $$
    with decided as (
        select
            case
                when of_method = 'price_per_unit' then from_line
                when of_cost is not null and (side = 'cost' or of_method = 'write_in') then 'typed_price'
                when of_method = 'write_in' then 'no_cost'
                when is_ambiguous then 'ambiguous_price_list'
                when of_list is null then 'no_price_list'
                when of_line is null then without_line
                when side = 'cost' then 'method_not_on_cost'
                when of_cost is null then 'no_cost'
                else of_method
            end as reason
    ),
    based as (
        select
            decided.reason,
            case when decided.reason = from_line then of_price else of_cost end as price,
            case when decided.reason = from_line then of_list_currency else of_cost_currency end as currency,
            case when of_method = 'markup_over_cost' then of_percent end as percent,
            decided.reason in (from_line, 'at_cost', 'markup_over_cost', 'no_cost') as is_of_line,
            decided.reason <> from_line as is_of_cost,
            decided.reason in (from_line, 'typed_price', 'at_cost', 'markup_over_cost') as is_priced
        from decided
    )
    select
        case
            when based.is_priced and known.rate is not null
                then operations_over_cost(
                    based.price, case based.reason when 'markup_over_cost' then based.percent end, known.rate, 16
                )
            else 0
        end,
        of_currency,
        of_list,
        case when based.is_of_line then of_line end,
        null::uuid,
        null::uuid,
        null::numeric,
        case when based.reason = from_line then of_price end,
        of_list_currency,
        case when based.is_priced and based.is_of_cost then of_cost end,
        case when based.is_priced and based.is_of_cost then of_cost_currency end,
        case when based.is_of_line then based.percent end,
        case when based.is_priced and based.currency <> of_currency then known.rate end,
        case when based.is_priced and known.rate is null then 'no_exchange_rate' else based.reason end
    from based
    left join lateral operations_last_rate(
        based.currency, of_currency, on_date, coalesce(of_rate_type, 'default')
    ) as known on true
$$;

-- In plpgsql, because it keeps its plan: planned within submission it took longer than one entry's submission.
create or replace function operations_category_price(
    side text, of_holder uuid, of_category uuid, of_unit text, on_date date, of_cost numeric, of_cost_currency text,
    of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, cost_price numeric, cost_currency text,
    cost_percent numeric, exchange_rate numeric, reason text
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
        line.id, line.method, line.price, line.percent, of_cost, of_cost_currency, on_date,
        'category_price', 'no_category_price'
    ) as found;
end
$$;

-- On which terms a document that finance posted is sold (DESIGN section 5, decision 0014): by the line of the contract's
-- list for its category and unit, and where there is none (no line, no list, several lists) at what it cost, because
-- what was bought never vanishes from the backlog. `list_price` per unit, or `percent` over the posted amount at `rate`,
-- the last known on that date, null where there is none.
create or replace function operations_document_terms(
    of_contract uuid, of_category uuid, of_unit text, on_date date, of_currency text
)
returns table (
    price_list_id uuid, line_id uuid, list_price numeric, list_currency text, percent numeric, rate numeric, reason text
)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    select
        list.price_list_id,
        line.id,
        case line.method when 'price_per_unit' then line.price end,
        case when list.price_list_id is not null then list.list_currency end,
        case line.method when 'markup_over_cost' then line.percent end,
        known.rate,
        case line.method when 'price_per_unit' then 'category_price' else coalesce(line.method, 'at_cost') end::text
    from operations_item_list('sales', of_contract, null, on_date) as list
    left join operations_category_price as line
        on line.price_list_id = list.price_list_id and line.category_id = of_category and line.unit = of_unit
    left join lateral operations_last_rate(
        of_currency, list.currency_code, on_date, coalesce(list.rate_type, 'default')
    ) as known on true;
end
$$;

-- Without a product it is a write-in: what was typed is the price on both sides. The cost of a product of the
-- catalogue comes from the list alone.
create or replace function operations_product_price(
    side text, of_holder uuid, of_product uuid, of_unit text, on_date date, of_cost numeric, of_cost_currency text,
    of_subcontract uuid default null
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, cost_price numeric, cost_currency text,
    cost_percent numeric, exchange_rate numeric, reason text
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
        case when side = 'sales' or of_product is null then of_cost end, of_cost_currency, on_date,
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
