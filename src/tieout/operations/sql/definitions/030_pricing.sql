-- Which price applies to one hour of a role, and why (operations spec 3.1 to 3.4). No price is never an
-- error: the price is 0 and `reason` says what is missing (pricing/rules.py lists the reasons).

-- The best line of a list: the resourcing unit's own before the one for any unit (operations spec 3.4).
create or replace function operations_best_role_price(of_list uuid, of_role uuid, of_resourcing_unit uuid)
returns table (role_price_id uuid, price numeric)
language sql stable parallel safe as $$
    select line.id, line.price
    from operations_role_price as line
    where line.price_list_id = of_list
        and line.role_id = of_role
        and line.unit = 'hour'
        and (line.resourcing_unit_id = of_resourcing_unit or line.resourcing_unit_id is null)
    order by line.resourcing_unit_id nulls last
    limit 1
$$;

-- Cost of an hour in the currency of the contracting unit (operations spec 3.2, DESIGN section 5). Of several
-- lists on the date the most recently created counts; a list in another currency is converted at the last
-- rate known on that date.
create or replace function operations_cost_price(
    of_unit uuid, of_role uuid, of_resourcing_unit uuid, on_date date
)
returns table (price numeric, currency_code text, price_list_id uuid, role_price_id uuid, reason text)
language sql stable parallel safe as $$
    select
        coalesce(
            case
                when list.currency_code = unit.currency_code then best.price
                else round(best.price * known.rate * 0.01, 16) -- rates are per 100
            end,
            0
        ),
        unit.currency_code::text,
        list.id,
        best.role_price_id,
        case
            when list.id is null then 'no_price_list'
            when best.role_price_id is null then 'no_role_price'
            when list.currency_code <> unit.currency_code and known.rate is null then 'no_exchange_rate'
            else 'role_price'
        end
    from operations_organizational_unit as unit
    left join lateral (
        select dated.id, dated.currency_code
        from operations_price_list as dated
        where dated.unit_id = unit.id
            and dated.context = 'cost'
            and on_date between dated.valid_from and dated.valid_to
        order by dated.created_at desc, dated.id desc
        limit 1
    ) as list on true
    left join lateral operations_best_role_price(list.id, of_role, of_resourcing_unit) as best on true
    left join lateral (
        select rate.rate
        from operations_exchange_rate as rate
        where list.currency_code <> unit.currency_code
            and rate.from_currency = list.currency_code
            and rate.to_currency = unit.currency_code
            and rate.rate_type = 'default'
            and rate.valid_from <= on_date
        order by rate.valid_from desc, rate.id desc
        limit 1
    ) as known on true
    where unit.id = of_unit
$$;

-- Sales price of an hour in the currency of the contract (operations spec 3.3): exactly one sales list in that
-- currency on the date, otherwise 0.
create or replace function operations_sales_price(
    of_contract uuid, of_role uuid, of_resourcing_unit uuid, on_date date
)
returns table (price numeric, currency_code text, price_list_id uuid, role_price_id uuid, reason text)
language sql stable parallel safe as $$
    select
        coalesce(best.price, 0),
        contract.currency_code::text,
        list.only,
        best.role_price_id,
        case
            when list.found = 0 then 'no_price_list'
            when list.found > 1 then 'ambiguous_price_list'
            when best.role_price_id is null then 'no_role_price'
            else 'role_price'
        end
    from operations_contract as contract
    cross join lateral (
        select count(*) as found, case count(*) when 1 then (array_agg(dated.id))[1] end as only
        from operations_price_list as dated
        where dated.contract_id = contract.id
            and dated.context = 'sales'
            and dated.currency_code = contract.currency_code
            and on_date between dated.valid_from and dated.valid_to
    ) as list
    left join lateral operations_best_role_price(list.only, of_role, of_resourcing_unit) as best on true
    where contract.id = of_contract
$$;
