-- question:   What do the landed lines cost or sell for that came without a price? By class, as an entry on that date
--             would (operations spec 3): cost of the contracting unit's list, the resourcing unit's own cost of its own,
--             sales of the contract's. A fee, milestone, retainer or tax has no list; time is priced by the hour.
-- grain:      one row per line that got a price, also one of 0; lines that are priced alike share a trace
-- parameters: none
-- index:      operations_journal_number, operations_open_journal_line_key, and the keys of pricing
--             (definitions/030_pricing.sql)
with asked as materialized (
    select
        draft.place,
        case when draft.transaction_type in ('unbilled_sales', 'billed_sales') then 'sales' else 'cost' end as side,
        case draft.transaction_type
            when 'resourcing_unit_cost' then draft.resourcing_unit_id
            else draft.contracting_unit_id
        end as unit_id,
        draft.contract_id, draft.transaction_class, draft.category_id, draft.product_id, draft.unit,
        draft.transaction_date as date,
        draft.custom || jsonb_build_object(
            'role', draft.role_id, 'resourcing_unit', draft.resourcing_unit_id,
            'resourcing_company', draft.resourcing_company, 'resource', draft.resource_id
        ) as dimensions
    from operations_journal_draft(
        array(
            select distinct journal.id
            from landed_journal_line as line
            inner join operations_journal as journal
                on journal.company_code = line.company_code and journal.number = line.journal
            where line.typed_price is null
        )
    ) as draft
    -- What has no price by now was landed just now, or has none.
    where draft.price is null
        and draft.transaction_class in ('time', 'expense', 'material')
        and (draft.transaction_class <> 'time' or draft.unit = 'hour')
),

numbered as materialized (
    select
        asked.*,
        dense_rank() over (
            order by side, unit_id, contract_id, transaction_class, category_id, product_id, unit, date, dimensions
        ) as context
    from asked
),

alike as materialized (
    select distinct on (context) * from numbered order by context
),

cost as materialized (
    select alike.context, alike.side, found.*
    from alike
    cross join lateral operations_entry_price(
        'cost', alike.unit_id, alike.transaction_class, alike.dimensions, alike.category_id, alike.product_id,
        alike.unit, alike.date, null, null
    ) as found
),

traced as materialized (
    select tieout_id() as trace_id, cost.* from cost where side = 'cost'
    union all
    select tieout_id(), alike.context, alike.side, sales.*
    from alike
    inner join cost on cost.context = alike.context
    cross join lateral operations_entry_price(
        'sales', alike.contract_id, alike.transaction_class, alike.dimensions, alike.category_id, alike.product_id,
        alike.unit, alike.date, case when operations_is_priced(cost.reason) then cost.price end, cost.currency_code
    ) as sales
    where alike.side = 'sales'
),

why as (
    insert into operations_price_trace (
        id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, reason
    )
    select
        trace_id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, reason
    from traced
)

update operations_open_journal_line as line
set
    price = traced.price, price_currency = coalesce(traced.currency_code, ''), price_reason = traced.reason,
    price_trace_id = traced.trace_id
from numbered
inner join traced on traced.context = numbered.context
-- By place: joined by key, lines that are newer than the statistics were planned as each with each.
where line.ctid = numbered.place
