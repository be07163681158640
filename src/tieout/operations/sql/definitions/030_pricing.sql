-- Which price applies, and why (operations spec 3). No price is never an error: the price is 0 and `reason`
-- says what is missing (pricing/rules.py lists the reasons). Every look-up goes by a key, so that a price costs
-- the same on a list of ten lines and of a hundred thousand.

drop function if exists operations_cost_price(uuid, jsonb, date);
drop function if exists operations_sales_price(uuid, jsonb, date);
drop function if exists operations_sales_price(uuid, jsonb, date, numeric, text);
drop function if exists operations_quote_price(uuid, jsonb, date, numeric, text);
drop function if exists operations_hour_sold(
    uuid, boolean, text, text, jsonb, date, uuid, uuid, uuid, numeric, text
);
drop function if exists operations_lists_in_use(uuid[], uuid[]);
drop function if exists operations_named_dimensions(uuid[], uuid[]);
drop function if exists operations_price_periods(uuid[], uuid[], text[], date[]);
drop function if exists operations_best_override(uuid, text, jsonb, date, uuid, uuid, text);
drop function if exists operations_price_on_list(uuid, text, jsonb, date, uuid, uuid);
drop function if exists operations_price_on_list(uuid, text, jsonb, date, uuid, uuid, numeric);
drop function if exists operations_price_on_list(uuid, text, jsonb, date, uuid, uuid, uuid, numeric);
drop function if exists operations_best_override(uuid, text, jsonb, date, uuid, uuid, uuid, text);
drop function if exists operations_best_role_price(uuid, text, jsonb);

-- The company of each use of a price list. What is used in no company, nobody keeps to themselves.
drop view if exists operations_price_list_company cascade;
create view operations_price_list_company as
select
    use.id as use_id, use.price_list_id,
    coalesce(
        unit.company_code, contract.company_code, quote.company_code, customer.company_code, subcontract.company_code,
        vendor.company_code, use.company_code
    ) as company_code
from operations_price_list_use as use
left join operations_organizational_unit as unit on unit.id = use.unit_id
left join operations_contract as contract on contract.id = use.contract_id
left join operations_quote as quote on quote.id = use.quote_id
left join operations_customer as customer on customer.id = use.customer_id
left join operations_subcontract as subcontract on subcontract.id = use.subcontract_id
left join operations_vendor as vendor on vendor.id = use.vendor_id;

-- Is a reason that of a price, not of a missing one (pricing/rules.py PRICED)?
create or replace function operations_is_priced(reason text) returns boolean
language sql immutable parallel safe as $$
    select reason in (
        'role_price', 'category_price', 'product_price', 'typed_price', 'at_cost', 'markup_over_cost', 'posted_amount'
    )
$$;

-- The last rate known on the date: units of one currency for 100 of the other; none is no row.
create or replace function operations_last_rate(of_currency text, to_currency_code text, on_date date, of_type text)
returns table (rate numeric)
language sql stable parallel safe as $$
    select 100
    where of_currency = to_currency_code
    union all
    (
        select known.rate
        from operations_exchange_rate as known
        where of_currency <> to_currency_code
            and known.from_currency = of_currency
            and known.to_currency = to_currency_code
            and known.rate_type = of_type
            and known.valid_from <= on_date
        order by known.valid_from desc, known.id desc
        limit 1
    )
$$;

-- The dimensions that count in a context, of those that are given a value, and the value.
create or replace function operations_given_dimensions(of_context text, of_dimensions jsonb)
returns table (name text, kind text, priority integer, value text)
language sql stable parallel safe as $$
    select declared.name, declared.kind, declared.priority, of_dimensions ->> declared.name
    from (
        select
            one.name,
            one.kind,
            case of_context
                when 'cost' then one.cost_priority
                when 'sales' then one.sales_priority
                else one.purchase_priority
            end as priority
        from operations_pricing_dimension as one
    ) as declared
    where declared.priority is not null
        and of_dimensions ->> declared.name is not null
$$;

-- The shapes of a list's role prices: which dimensions its lines name. A step of the index for each, not a scan.
create or replace function operations_role_price_shapes(of_list uuid)
returns table (shape jsonb)
language sql stable parallel safe as $$
    with recursive step (shape) as (
        (
            select first.shape
            from operations_role_price as first
            where first.price_list_id = of_list
            order by first.price_list_id, first.shape
            limit 1
        )
        union all
        select (
            select next.shape
            from operations_role_price as next
            where next.price_list_id = of_list and next.shape > step.shape
            order by next.price_list_id, next.shape
            limit 1
        )
        from step
        where step.shape is not null
    )
    select step.shape from step where step.shape is not null
$$;

-- The shapes of a list's markups, in the same way.
create or replace function operations_role_price_markup_shapes(of_list uuid)
returns table (shape jsonb)
language sql stable parallel safe as $$
    with recursive step (shape) as (
        (
            select first.shape
            from operations_role_price_markup as first
            where first.price_list_id = of_list
            order by first.price_list_id, first.shape
            limit 1
        )
        union all
        select (
            select next.shape
            from operations_role_price_markup as next
            where next.price_list_id = of_list and next.shape > step.shape
            order by next.price_list_id, next.shape
            limit 1
        )
        from step
        where step.shape is not null
    )
    select step.shape from step where step.shape is not null
$$;

-- The best role price of a list for an hour: the line that names the most important dimension, then the next, and
-- so on (operations spec 3.4); of lines that name the same, that per hour before those of other units of time.
-- `price` is what the line says, `numerator / divisor` an hour of it; a line at cost has neither, one with a markup
-- over cost its `percent`. Lines that say different things and differ in nothing else are no price.
create or replace function operations_best_role_price(of_list uuid, of_context text, of_dimensions jsonb)
returns table (
    line_id uuid, key jsonb, method text, price numeric, percent numeric, numerator numeric, divisor numeric,
    is_ambiguous boolean
)
language sql stable parallel safe as $$
    with given as materialized (
        select one.name, one.value, one.priority
        from operations_given_dimensions(of_context, of_dimensions) as one
        where one.kind = 'amount'
    ),
    wanted as (
        select asked.shape, asked.key, asked.rank
        from operations_role_price_shapes(of_list) as found
        cross join lateral (
            select
                found.shape,
                coalesce(jsonb_object_agg(given.name, given.value) filter (where found.shape ? given.name), '{}') as key,
                string_agg(
                    case when found.shape ? given.name then '0' else '1' end, '' order by given.priority
                ) as rank,
                count(*) filter (where found.shape ? given.name) as named
            from given
        ) as asked
        where asked.named = jsonb_array_length(asked.shape)
    ),
    fitting as (
        select
            line.id, line.key, line.method, said.price, said.percent, said.price * hour.size as numerator,
            unit.size as divisor,
            rank() over (order by wanted.rank, line.unit <> hour.code) as place
        from wanted
        cross join lateral (
            -- The offset keeps this a look-up by the whole key; a plan for a short list would read all of its lines.
            select * from operations_role_price as found
            where found.price_list_id = of_list and found.shape = wanted.shape and found.key = wanted.key
            offset 0
        ) as line
        inner join operations_measure_unit as unit on unit.code = line.unit
        inner join operations_measure_unit as hour on hour.code = 'hour' and hour.unit_group = unit.unit_group
        cross join lateral (
            select
                case line.method when 'price_per_unit' then line.price end as price,
                case line.method when 'markup_over_cost' then line.percent end as percent
        ) as said
    ),
    best as (
        select
            fitting.*,
            (first_value(fitting.method) over first_line, first_value(fitting.percent) over first_line)
                is distinct from (fitting.method, fitting.percent)
            or (
                first_value(fitting.numerator) over first_line * fitting.divisor
                <> fitting.numerator * first_value(fitting.divisor) over first_line
            ) is true as differs
        from fitting
        where fitting.place = 1
        window first_line as (order by fitting.id)
    )
    select
        (array_agg(best.id order by best.id))[1],
        (array_agg(best.key order by best.id))[1],
        (array_agg(best.method order by best.id))[1]::text,
        (array_agg(best.price order by best.id))[1],
        (array_agg(best.percent order by best.id))[1],
        (array_agg(best.numerator order by best.id))[1],
        (array_agg(best.divisor order by best.id))[1],
        bool_or(best.differs)
    from best
    having count(*) > 0
$$;

-- The best markup of a list, by the same rule and all dimensions.
create or replace function operations_best_markup(of_list uuid, of_context text, of_dimensions jsonb)
returns table (markup_id uuid, key jsonb, percent numeric)
language sql stable parallel safe as $$
    select line.id, line.key, line.percent
    from operations_role_price_markup_shapes(of_list) as step
    cross join lateral (
        select
            coalesce(jsonb_object_agg(given.name, given.value) filter (where step.shape ? given.name), '{}') as key,
            string_agg(case when step.shape ? given.name then '0' else '1' end, '' order by given.priority) as rank,
            count(*) filter (where step.shape ? given.name) as named
        from operations_given_dimensions(of_context, of_dimensions) as given
    ) as wanted
    cross join lateral (
        select * from operations_role_price_markup as found
        where found.price_list_id = of_list and found.shape = step.shape and found.key = wanted.key
        offset 0
    ) as line
    where wanted.named = jsonb_array_length(step.shape)
    order by wanted.rank
    limit 1
$$;

-- The override of a line on a date: the most specific scope that fits, then the latest (operations spec 3.4).
-- A cost asks with the unit of the resource, a sale with its contract or quote, and the customer, what is bought with its
-- subcontract and the vendor of that.
create or replace function operations_best_override(
    of_list uuid, of_target text, of_key jsonb, on_date date, of_contract uuid, of_quote uuid, of_customer uuid,
    of_subcontract uuid, of_vendor uuid, of_unit text
)
returns table (override_id uuid, percent numeric, numerator numeric, divisor numeric)
language sql stable parallel safe as $$
    select one.id, one.percent, one.price * hour.size, unit.size
    from operations_price_override as one
    inner join operations_measure_unit as unit on unit.code = one.unit
    inner join operations_measure_unit as hour on hour.code = 'hour' and hour.unit_group = unit.unit_group
    where one.price_list_id = of_list
        and one.target = of_target
        and one.key = of_key
        and one.effective_from <= on_date
        and (one.contract_id is null or one.contract_id = of_contract)
        and (one.quote_id is null or one.quote_id = of_quote)
        and (one.customer_id is null or one.customer_id = of_customer)
        and (one.subcontract_id is null or one.subcontract_id = of_subcontract)
        and (one.vendor_id is null or one.vendor_id = of_vendor)
        and (one.scope_unit_id is null or one.scope_unit_id::text = of_unit)
    order by
        one.contract_id nulls last, one.quote_id nulls last, one.customer_id nulls last,
        one.subcontract_id nulls last, one.vendor_id nulls last, one.scope_unit_id nulls last, one.effective_from desc
    limit 1
$$;

-- What an hour is worth on a list: its best line or that line's override, and the markup on it; of lines that are
-- ambiguous, only that they are. A sales line at cost, or with a markup over cost, starts from `of_cost`, what the
-- hour cost (operations spec 3.4); its override states a price as any other. Unrounded, as `numerator / divisor` in the
-- list's currency, or the cost's (`cost_price` tells), because a price is rounded once, after all conversions.
create or replace function operations_price_on_list(
    of_list uuid, of_context text, of_dimensions jsonb, on_date date, of_contract uuid, of_quote uuid, of_customer uuid,
    of_subcontract uuid, of_vendor uuid, of_cost numeric
)
returns table (
    line_id uuid, override_id uuid, markup_id uuid, markup_percent numeric, list_price numeric,
    cost_price numeric, cost_percent numeric, numerator numeric, divisor numeric, reason text
)
language sql stable parallel safe as $$
    select
        case when not best.is_ambiguous then best.line_id end,
        case when not best.is_ambiguous then other.override_id end,
        case when not best.is_ambiguous then markup.markup_id end,
        case when not best.is_ambiguous then coalesce(other_percent.percent, markup.percent) end,
        case when not best.is_ambiguous then best.price end,
        case when why.reason in ('at_cost', 'markup_over_cost') then of_cost end,
        case when not best.is_ambiguous then best.percent end,
        (100 + coalesce(other_percent.percent, markup.percent, 0))
        * case why.reason
            when 'role_price' then coalesce(other.numerator, best.numerator)
            else (100 + coalesce(best.percent, 0)) * of_cost
        end,
        100 * case why.reason when 'role_price' then coalesce(other.divisor, best.divisor) else 100 end,
        why.reason
    from operations_best_role_price(of_list, of_context, of_dimensions) as best
    left join lateral operations_best_override(
        of_list, 'price', best.key, on_date, of_contract, of_quote, of_customer, of_subcontract, of_vendor,
        of_dimensions ->> 'resourcing_unit'
    ) as other on true
    left join lateral operations_best_markup(of_list, of_context, of_dimensions) as markup on true
    left join lateral operations_best_override(
        of_list, 'markup', markup.key, on_date, of_contract, of_quote, of_customer, of_subcontract, of_vendor,
        of_dimensions ->> 'resourcing_unit'
    ) as other_percent on true
    cross join lateral (
        select
            case
                when best.is_ambiguous then 'ambiguous_role_price'
                when other.override_id is not null or best.method = 'price_per_unit' then 'role_price'
                when of_context <> 'sales' then 'method_not_on_cost'
                when of_cost is null then 'no_cost'
                else best.method
            end as reason
    ) as why
$$;

-- The purchase lists that what is bought under a subcontract costs by, on whatever date (operations spec 3.2, decision
-- 0013): its own; only where it has none at all, its vendor's; only where that has none either, the default lists of its
-- company in its currency. `whose` says which. Strict, so that it is not even called for what is under none; in plpgsql,
-- because it is then no part of the plan of a cost list.
create or replace function operations_considered_purchases(of_subcontract uuid)
returns table (price_list_id uuid, whose text)
language plpgsql stable strict parallel safe rows 2
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    select use.price_list_id, 'own'
    from operations_price_list_use as use
    inner join operations_price_list as list on list.id = use.price_list_id
    where use.subcontract_id = of_subcontract and use.is_active and list.context = 'purchase';
    if found then
        return;
    end if;
    return query
    select use.price_list_id, 'vendor'
    from operations_subcontract as subcontract
    inner join operations_price_list_use as use on use.vendor_id = subcontract.vendor_id and use.is_active
    inner join operations_price_list as list on list.id = use.price_list_id
    where subcontract.id = of_subcontract and list.context = 'purchase';
    if found then
        return;
    end if;
    return query
    select use.price_list_id, 'company'
    from operations_subcontract as subcontract
    inner join operations_price_list_use as use on use.company_code = subcontract.company_code and use.is_active
    inner join operations_price_list as list on list.id = use.price_list_id
    where subcontract.id = of_subcontract and list.context = 'purchase'
        and list.currency_code = subcontract.currency_code;
end
$$;

-- The list that a cost comes from on a date (operations spec 3.2). Without a subcontract, a cost list of the contracting
-- unit: of its own lists the most recently created that covers the date; only where it has none at all, of its company's
-- default lists in its currency. With a subcontract, one of the purchase lists that are considered for it, in its
-- currency: of several the same (the parameter is that of the unit's company).
drop function if exists operations_cost_list(uuid, date) cascade;
create or replace function operations_cost_list(of_unit uuid, of_subcontract uuid, on_date date)
returns table (price_list_id uuid, currency_code text, rate_type text, is_ambiguous boolean)
language sql stable parallel safe as $$
    with own as materialized (
        select list.*
        from operations_price_list_use as use
        inner join operations_price_list as list on list.id = use.price_list_id
        where of_subcontract is null and use.unit_id = of_unit and use.is_active and list.context = 'cost'
    ),
    considered as (
        select * from own
        union all
        select list.*
        from operations_subcontract as subcontract
        cross join lateral operations_considered_purchases(subcontract.id) as bought
        inner join operations_price_list as list on list.id = bought.price_list_id
        where subcontract.id = of_subcontract and list.currency_code = subcontract.currency_code
        union all
        select list.*
        from operations_organizational_unit as unit
        inner join operations_price_list_use as use on use.company_code = unit.company_code and use.is_active
        inner join operations_price_list as list on list.id = use.price_list_id
        where of_subcontract is null
            and unit.id = of_unit
            and list.context = 'cost'
            and list.currency_code = unit.currency_code
            and not exists (select from own)
    ),
    dated as (
        select considered.id, considered.currency_code, considered.created_at, count(*) over () as found
        from considered
        where considered.is_active and on_date between considered.valid_from and considered.valid_to
    )
    select
        case when dated.found = 1 or parameters.cost_overlap is distinct from 'none' then dated.id end,
        dated.currency_code::text,
        coalesce(parameters.rate_type, 'default')::text,
        dated.found > 1 and parameters.cost_overlap is not distinct from 'none'
    from dated
    inner join operations_organizational_unit as unit on unit.id = of_unit
    left join operations_pricing_parameters as parameters on parameters.company_code = unit.company_code
    order by dated.created_at desc, dated.id desc
    limit 1
$$;

-- The sales lists of a customer; only where it has none at all, the company's default lists in the currency.
-- In plpgsql, because it is then no part of the plan of a contract that has lists of its own: with it, finding a list
-- took twice as long.
create or replace function operations_lists_of_customer(of_customer uuid, of_company text, of_currency text)
returns table (price_list_id uuid, whose text)
language plpgsql stable parallel safe rows 2
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    select use.price_list_id, 'customer'
    from operations_price_list_use as use
    inner join operations_price_list as list on list.id = use.price_list_id
    where use.customer_id = of_customer and use.is_active and list.context = 'sales';
    if found then
        return;
    end if;
    return query
    select use.price_list_id, 'company'
    from operations_price_list_use as use
    inner join operations_price_list as list on list.id = use.price_list_id
    where use.company_code = of_company and use.is_active and list.context = 'sales'
        and list.currency_code = of_currency;
end
$$;

-- The sales lists that a contract or a quote is priced by, on whatever date (operations spec 3.3): its own; only where
-- it has none at all, its customer's or its company's. `whose` says which.
create or replace function operations_considered_lists(
    of_contract uuid, of_quote uuid, of_customer uuid, of_company text, of_currency text
)
returns table (price_list_id uuid, whose text)
language sql stable parallel safe as $$
    with own as materialized (
        select use.price_list_id
        from operations_price_list_use as use
        inner join operations_price_list as list on list.id = use.price_list_id
        where (use.contract_id = of_contract or use.quote_id = of_quote) and use.is_active and list.context = 'sales'
    )
    select own.price_list_id, 'own' from own
    union all
    select other.price_list_id, other.whose
    from operations_lists_of_customer(of_customer, of_company, of_currency) as other
    where not exists (select from own)
$$;

-- Of these lists the only one in the currency that covers the date; of several none.
create or replace function operations_only_list(
    of_contract uuid, of_quote uuid, of_customer uuid, of_company text, of_currency text, on_date date
)
returns table (price_list_id uuid, is_ambiguous boolean)
language sql stable parallel safe as $$
    select case count(*) when 1 then (array_agg(list.id))[1] end, count(*) > 1
    from operations_considered_lists(of_contract, of_quote, of_customer, of_company, of_currency) as considered
    inner join operations_price_list as list on list.id = considered.price_list_id
    where list.is_active
        and list.currency_code = of_currency
        and on_date between list.valid_from and list.valid_to
    having count(*) > 0
$$;

-- The sales list of a contract on a date.
create or replace function operations_sales_list(of_contract uuid, on_date date)
returns table (price_list_id uuid, is_ambiguous boolean)
language sql stable parallel safe as $$
    select list.price_list_id, list.is_ambiguous
    from operations_contract as contract
    cross join lateral operations_only_list(
        contract.id, null, contract.customer_id, contract.company_code, contract.currency_code, on_date
    ) as list
    where contract.id = of_contract
$$;

-- The sales list of a quote on a date.
create or replace function operations_quote_list(of_quote uuid, on_date date)
returns table (price_list_id uuid, is_ambiguous boolean)
language sql stable parallel safe as $$
    select list.price_list_id, list.is_ambiguous
    from operations_quote as quote
    cross join lateral operations_only_list(
        null, quote.id, quote.customer_id, quote.company_code, quote.currency_code, on_date
    ) as list
    where quote.id = of_quote
$$;

-- Cost of an hour in the currency of the contracting unit (operations spec 3.2, 3.4, DESIGN section 5); asked with a
-- resourcing unit, its own cost; asked with a subcontract, what the vendor is paid for it (2.6). A list in another
-- currency is converted at the last rate known on that date.
-- `exchange_rate` is per 100 and null where nothing is converted. Forty zeros make a quotient fine enough that
-- rounding it half up is exact, whatever the sizes of units.
-- In plpgsql, because it keeps its plan; by index even if that plan was made while the tables were empty.
create or replace function operations_cost_price(
    of_unit uuid, of_dimensions jsonb, on_date date, of_subcontract uuid default null
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
    select
        case
            when found.reason = 'role_price' and known.rate is not null
                then round(
                    found.numerator * known.rate * 1.0000000000000000000000000000000000000000 / (found.divisor * 100), 16
                )
            else 0
        end,
        unit.currency_code::text,
        list.price_list_id,
        found.line_id,
        found.override_id,
        found.markup_id,
        found.markup_percent,
        found.list_price,
        list.currency_code,
        null::numeric,
        null::text,
        found.cost_percent,
        case when found.reason = 'role_price' and list.currency_code <> unit.currency_code then known.rate end,
        case
            when list.is_ambiguous then 'ambiguous_price_list'
            when list.price_list_id is null then 'no_price_list'
            when found.reason is null then 'no_role_price'
            when found.reason = 'role_price' and known.rate is null then 'no_exchange_rate'
            else found.reason
        end
    from (values (of_unit)) as asked (unit_id)
    left join operations_organizational_unit as unit on unit.id = asked.unit_id
    left join operations_subcontract as subcontract on subcontract.id = of_subcontract
    left join lateral operations_cost_list(unit.id, of_subcontract, on_date) as list on true
    left join lateral operations_price_on_list(
        list.price_list_id, case when of_subcontract is null then 'cost' else 'purchase' end, of_dimensions, on_date,
        null, null, null, subcontract.id, subcontract.vendor_id, null
    ) as found on true
    left join lateral operations_last_rate(list.currency_code, unit.currency_code, on_date, list.rate_type) as known on true;
end
$$;

-- What an hour is sold for by a list in its own currency: that of the contract or quote (operations spec 3.3, 3.4).
-- `of_cost` in `of_cost_currency` is the price of its cost actual, null where it has none: what is sold at cost, or with a
-- markup over it, is converted from it at the last rate of `of_rate_type` known on that date (spec 3.8).
create or replace function operations_hour_sold(
    of_list uuid, is_ambiguous boolean, of_currency text, of_rate_type text, of_dimensions jsonb, on_date date,
    of_contract uuid, of_quote uuid, of_customer uuid, of_cost numeric, of_cost_currency text
)
returns table (
    price numeric, currency_code text, price_list_id uuid, line_id uuid, override_id uuid, markup_id uuid,
    markup_percent numeric, list_price numeric, list_currency text, cost_price numeric, cost_currency text,
    cost_percent numeric, exchange_rate numeric, reason text
)
language sql stable parallel safe as $$
    select
        case
            when operations_is_priced(found.reason) and known.rate is not null
                then round(
                    found.numerator * known.rate * 1.0000000000000000000000000000000000000000 / (found.divisor * 100), 16
                )
            else 0
        end,
        of_currency,
        of_list,
        found.line_id,
        found.override_id,
        found.markup_id,
        found.markup_percent,
        found.list_price,
        case when of_list is not null then of_currency end,
        found.cost_price,
        case when found.cost_price is not null then of_cost_currency end,
        found.cost_percent,
        case when found.cost_price is not null and of_cost_currency <> of_currency then known.rate end,
        case
            when is_ambiguous then 'ambiguous_price_list'
            when of_list is null then 'no_price_list'
            when found.reason is null then 'no_role_price'
            when found.cost_price is not null and known.rate is null then 'no_exchange_rate'
            else found.reason
        end
    from (values (of_list)) as asked (list_id)
    left join lateral operations_price_on_list(
        asked.list_id, 'sales', of_dimensions, on_date, of_contract, of_quote, of_customer, null, null, of_cost
    ) as found on true
    left join lateral operations_last_rate(
        case when found.cost_price is not null then of_cost_currency else of_currency end,
        of_currency, on_date, of_rate_type
    ) as known on true
$$;

-- Sales price of an hour in the currency of the contract.
create or replace function operations_sales_price(
    of_contract uuid, of_dimensions jsonb, on_date date, of_cost numeric, of_cost_currency text
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
    from (values (of_contract)) as asked (contract_id)
    left join operations_contract as contract on contract.id = asked.contract_id
    left join lateral operations_sales_list(contract.id, on_date) as list on true
    left join operations_pricing_parameters as parameters on parameters.company_code = contract.company_code
    cross join lateral operations_hour_sold(
        list.price_list_id, list.is_ambiguous, contract.currency_code::text, coalesce(parameters.rate_type, 'default'),
        of_dimensions, on_date, contract.id, null, contract.customer_id, of_cost, of_cost_currency
    ) as found;
end
$$;

-- What an hour is offered for by a quote, in its currency: no actual comes of it before the quote is won.
create or replace function operations_quote_price(
    of_quote uuid, of_dimensions jsonb, on_date date, of_cost numeric, of_cost_currency text
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
    from (values (of_quote)) as asked (quote_id)
    left join operations_quote as quote on quote.id = asked.quote_id
    left join lateral operations_quote_list(quote.id, on_date) as list on true
    left join operations_pricing_parameters as parameters on parameters.company_code = quote.company_code
    cross join lateral operations_hour_sold(
        list.price_list_id, list.is_ambiguous, quote.currency_code::text, coalesce(parameters.rate_type, 'default'),
        of_dimensions, on_date, null, quote.id, quote.customer_id, of_cost, of_cost_currency
    ) as found;
end
$$;

-- The lists that units, contracts and subcontracts are priced by, on whatever date: the units' own and the default lists of their
-- companies, and what is considered for the contracts and the subcontracts.
create or replace function operations_lists_in_use(of_units uuid[], of_contracts uuid[], of_subcontracts uuid[])
returns table (price_list_id uuid)
language sql stable parallel safe as $$
    select use.price_list_id from operations_price_list_use as use where use.unit_id = any(of_units)
    union
    select considered.price_list_id
    from operations_contract as contract
    cross join lateral operations_considered_lists(
        contract.id, null, contract.customer_id, contract.company_code, contract.currency_code
    ) as considered
    where contract.id = any(of_contracts)
    union
    select bought.price_list_id
    from unnest(of_subcontracts) as asked (subcontract_id)
    cross join lateral operations_considered_purchases(asked.subcontract_id) as bought
    union
    select use.price_list_id
    from operations_organizational_unit as unit
    inner join operations_price_list_use as use on use.company_code = unit.company_code
    where unit.id = any(of_units)
$$;

-- The dimensions that the role prices and markups of these units, contracts and subcontracts name.
create or replace function operations_named_dimensions(of_units uuid[], of_contracts uuid[], of_subcontracts uuid[])
returns table (dimension text)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    return query
    select distinct named.dimension
    from operations_lists_in_use(of_units, of_contracts, of_subcontracts) as list
    cross join lateral (
        select found.shape from operations_role_price_shapes(list.price_list_id) as found
        union all
        select found.shape from operations_role_price_markup_shapes(list.price_list_id) as found
    ) as line
    cross join lateral jsonb_array_elements_text(line.shape) as named (dimension);
end
$$;

-- These dates, numbered so that on all dates of one number the prices of these units, contracts and subcontracts are the
-- same: a new number begins where, after the date before, a list begins or ended, an override takes effect or an
-- exchange rate became known. There is no other date by which a price is looked up. A price may be asked for on any
-- of the dates of a number, and holds for all.
create or replace function operations_price_periods(
    of_units uuid[], of_contracts uuid[], of_subcontracts uuid[], of_currencies text[], of_dates date[]
)
returns table (date date, number bigint)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    of_lists uuid[] := array(
        select list.price_list_id from operations_lists_in_use(of_units, of_contracts, of_subcontracts) as list
    );
    currencies text[] := of_currencies
    || array(select list.currency_code::text from operations_price_list as list where list.id = any(of_lists))
    || array(select unit.currency_code::text from operations_organizational_unit as unit where unit.id = any(of_units))
    || array(
        select contract.currency_code::text from operations_contract as contract where contract.id = any(of_contracts)
    );
    first_date date := (select min(day) from unnest(of_dates) as day);
    last_date date := (select max(day) from unnest(of_dates) as day);
    -- Read once, and not at all for a single date.
    changes date[] := array(
        select list.valid_from
        from operations_price_list as list
        where first_date < last_date and list.id = any(of_lists)
            and list.valid_from > first_date and list.valid_from <= last_date
        union
        select list.valid_to + 1
        from operations_price_list as list
        where first_date < last_date and list.id = any(of_lists)
            and list.valid_to >= first_date and list.valid_to < last_date
        union
        select one.effective_from
        from operations_price_override as one
        where first_date < last_date and one.price_list_id = any(of_lists)
            and one.effective_from > first_date and one.effective_from <= last_date
        union
        select known.valid_from
        from operations_exchange_rate as known
        where first_date < last_date and known.from_currency = any(currencies) and known.to_currency = any(currencies)
            and known.valid_from > first_date and known.valid_from <= last_date
    );
begin
    return query
    select dated.date, count(*) filter (where dated.is_first) over (order by dated.date)
    from (
        select
            asked.date,
            exists (
                select from unnest(changes) as day where day > asked.before and day <= asked.date
            ) as is_first
        from (select day as date, lag(day) over (order by day) as before from unnest(of_dates) as day) as asked
    ) as dated;
end
$$;
