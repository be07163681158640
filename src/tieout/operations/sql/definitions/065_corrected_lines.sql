-- What a draft of a correction journal makes in place of the actuals that it holds (operations spec 2.5, 6): each entry is
-- made anew as approval makes it, from what its live cost says and the new values of the draft, at the prices of its
-- date. The quantity and what the approver changed stay those of the entry.
--
-- One row per line to be, in the order of entries; of an entry that cannot be made so one row with the code that says why
-- (journals/rules.py CORRECTION_REFUSALS). `context` numbers what is priced alike; `original_id` is the actual of the
-- same type that it replaces, the cost where there was none; `base` is the type that a sale hangs on.
drop function if exists operations_corrected_lines(uuid) cascade;
create function operations_corrected_lines(of_journal uuid)
returns table (
    source_id uuid, source_kind text, external_id text, code text, field text, value text, original_id uuid, base text,
    context bigint, transaction_type text, transaction_class text, billing_type text, quantity numeric, unit text,
    price numeric, price_list_id uuid, price_line_id uuid, override_id uuid, markup_id uuid, markup_percent numeric,
    list_price numeric, list_currency text, cost_price numeric, cost_currency text, cost_percent numeric,
    exchange_rate numeric, price_reason text,
    amount numeric, discount_amount numeric, fee_amount numeric, tax_amount numeric, typed_tax numeric,
    typed_currency text, lacks_tax boolean, currency_code text, digits integer, date date,
    books text, project_id uuid, contract_id uuid, contract_line_id uuid, contract_line_customer_id uuid,
    customer_id uuid, category_id uuid, product_id uuid, product_name text, role_id uuid, task_id uuid,
    resource_id uuid, contracting_unit_id uuid, resourcing_unit_id uuid, custom jsonb, description text,
    external_description text, skip_sync boolean, subcontract_id uuid,
    company_code text, project_company text, stage text, situation text, missing_currency text,
    subcontract_status text, subcontract_company text
)
language sql stable as $$
    with made as materialized (
        select * from operations_entry_decision
    ),

    decision as materialized (
        select
            relation, event, contract, transaction_class,
            bool_or(actual = 'not_applicable') as not_applicable,
            array_agg(actual) filter (where actual not in ('none', 'not_applicable')) as wanted
        from made
        group by relation, event, contract, transaction_class
    ),

    original as materialized (
        select actual.*
        from operations_taken_actual as taken
        inner join operations_actual as actual on actual.id = taken.actual_id
        where taken.journal_id = of_journal
    ),

    -- Every entry has one cost that counts.
    changed as materialized (
        select
            entry.id, entry.external_id, entry.transaction_class::text as transaction_class, entry.company_code,
            entry.price as typed_price, entry.currency_code as typed_currency, entry.unit as entry_unit,
            entry.tax_amount as entry_tax,
            cost.subcontract_id as old_subcontract_id,
            coalesce(draft.subcontract_id, case when not draft.clears_subcontract then cost.subcontract_id end)
                as subcontract_id,
            entry.description, entry.external_description,
            case entry.transaction_class when 'time' then 60 else 1 end as per,
            coalesce(entry.minutes, entry.quantity) as count,
            approval.billable, approval.billing_type as asked_billing_type,
            cost.cost_id, cost.source_kind,
            coalesce(draft.project_id, cost.project_id) as project_id,
            coalesce(
                draft.task_id,
                case when coalesce(draft.project_id, cost.project_id) = cost.project_id then cost.task_id end
            ) as task_id,
            coalesce(draft.role_id, cost.role_id) as role_id,
            coalesce(draft.resource_id, cost.resource_id) as resource_id,
            coalesce(draft.category_id, cost.category_id) as category_id,
            case when draft.product_name = '' then coalesce(draft.product_id, cost.product_id) end as product_id,
            case
                when draft.product_id is not null then ''
                else coalesce(nullif(draft.product_name, ''), cost.product_name)
            end as product_name,
            coalesce(draft.date, cost.transaction_date) as date,
            cost.custom || draft.custom as custom
        from operations_open_journal as draft
        inner join (
            select distinct on (one.source_id) one.id as cost_id, one.*
            from original as one
            where one.transaction_type = 'cost'
            order by one.source_id, one.id
        ) as cost on true
        inner join operations_entry as entry on entry.id = cost.source_id
        cross join lateral operations_approved_submission(entry.id) as approval
        where draft.journal_id = of_journal
    ),

    placed as materialized (
        select
            changed.*,
            -- The price of a product of the catalogue has no tax, whatever was typed for a write-in before.
            case
                when changed.transaction_class = 'material' and changed.product_id is not null then 0
                else changed.entry_tax
            end as typed_tax,
            project.company_code as project_company, project.stage, project.unit_id as contracting_unit_id,
            coalesce(resource.unit_id, project.unit_id) as resourcing_unit_id,
            resource.company_code as resourcing_company, task.project_id as task_project, task.number as task_number,
            category.transaction_class as category_class, category.code as category_code,
            subcontract.number as subcontract_number, subcontract.status as subcontract_status,
            subcontract.company_code as subcontract_company,
            operations_relation(
                resource.unit_id, project.unit_id, resource.company_code, project.company_code,
                parameters.interorganizational
            ) as relation,
            case
                when abs(changed.billable) < abs(changed.count) then 'approved_decreased' else 'approved'
            end as event,
            coalesce(changed.billable, changed.count) as sold
        from changed
        inner join operations_project as project on project.id = changed.project_id
        left join operations_resource as resource on resource.id = changed.resource_id
        left join operations_task as task on task.id = changed.task_id
        left join operations_category as category on category.id = changed.category_id
        -- What it was bought under before goes on, whatever became of that.
        left join operations_subcontract as subcontract
            on subcontract.id = changed.subcontract_id and changed.subcontract_id is distinct from changed.old_subcontract_id
        left join operations_project_parameters as parameters on parameters.company_code = changed.company_code
    ),

    billing as materialized (
        select
            alike.*, found.contract_line_id, found.contract_id, found.situation, found.billing_type,
            terms.customer_id, terms.customers, terms.discount_percent, terms.fee_percent
        from (
            select distinct placed.project_id, placed.task_id, placed.transaction_class, placed.role_id, placed.category_id
            from placed
        ) as alike
        cross join lateral operations_billing(
            alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
        ) as found
        left join lateral operations_line_terms(found.contract_line_id) as terms on true
    ),

    judged as materialized (
        select
            placed.*, billing.contract_line_id, billing.contract_id, billing.customer_id, billing.customers,
            billing.discount_percent, billing.fee_percent, decision.contract as situation,
            case
                when 'unbilled_sales' = any(decision.wanted) then billing.billing_type else 'not_available'
            end as billing_type,
            decision.wanted,
            case
                when unit_currency.code is null then unit.currency_code
                when 'unbilled_sales' = any(decision.wanted) and sales_currency.code is null then contract.currency_code
                when 'resourcing_unit_cost' = any(decision.wanted) and own_currency.code is null
                    then own_unit.currency_code
            end as missing_currency,
            case
                when placed.project_company <> placed.company_code then 'APR-107'
                when placed.subcontract_company <> placed.company_code then 'APR-118'
                when placed.subcontract_status <> 'confirmed' then 'APR-117'
                when decision.contract is null then 'INT-701'
                when decision.not_applicable then 'APR-103'
                when placed.task_id is not null and placed.task_project <> placed.project_id then 'JRN-128'
                when placed.transaction_class = 'expense' and placed.category_class <> 'expense' then 'JRN-128'
                when unit_currency.code is null
                    or (own_currency.code is null and 'resourcing_unit_cost' = any(decision.wanted))
                    or (sales_currency.code is null and 'unbilled_sales' = any(decision.wanted)) then 'APR-105'
                else ''
            end as code
        from placed
        left join billing
            on billing.project_id = placed.project_id
            and billing.transaction_class = placed.transaction_class
            and billing.task_id is not distinct from placed.task_id
            and billing.role_id is not distinct from placed.role_id
            and billing.category_id is not distinct from placed.category_id
        left join decision
            on decision.contract = billing.situation
            and decision.relation = placed.relation
            and decision.transaction_class = placed.transaction_class
            and decision.event = placed.event
        left join operations_organizational_unit as unit on unit.id = placed.contracting_unit_id
        left join operations_organizational_unit as own_unit on own_unit.id = placed.resourcing_unit_id
        left join operations_contract as contract on contract.id = billing.contract_id
        left join operations_currency as unit_currency on unit_currency.code = unit.currency_code
        left join operations_currency as own_currency on own_currency.code = own_unit.currency_code
        left join operations_currency as sales_currency on sales_currency.code = contract.currency_code
    ),

    asked as materialized (
        select
            judged.*,
            dense_rank() over (
                order by
                    contracting_unit_id, resourcing_unit_id, contract_id, judged.date, wanted, transaction_class, role_id,
                    category_id, product_id, subcontract_id, entry_unit, typed_price, typed_currency, typed_tax <> 0, resource_id, custom
            ) as context
        from judged
        where judged.code = ''
    ),

    alike as materialized (
        select distinct on (asked.context)
            asked.*,
            asked.custom || jsonb_build_object(
                'role', asked.role_id, 'resourcing_unit', asked.resourcing_unit_id,
                'resourcing_company', asked.resourcing_company, 'resource', asked.resource_id
            ) as dimensions
        from asked
    ),

    cost_price as materialized (
        select alike.context as of_context, found.*
        from alike
        cross join lateral operations_entry_price(
            'cost', alike.contracting_unit_id, alike.transaction_class, alike.dimensions, alike.category_id,
            alike.product_id, alike.entry_unit, alike.date, alike.typed_price, alike.typed_currency,
            alike.subcontract_id
        ) as found
    ),

    -- What is priced how, as at submission (entries/sql/submit_entries.sql).
    traced as materialized (
        select
            array['cost', 'interorganizational_sales'] as types, 0 as side, cost.*,
            case
                when alike.typed_tax <> 0
                    then operations_tax_rate(alike.company_code, alike.typed_currency, cost.currency_code, alike.date)
            end as tax_rate
        from cost_price as cost
        inner join alike on alike.context = cost.of_context
        union all
        select array['resourcing_unit_cost'], 1, alike.context, own.*, null
        from alike
        cross join lateral operations_entry_price(
            'cost', alike.resourcing_unit_id, alike.transaction_class, alike.dimensions, alike.category_id,
            alike.product_id, alike.entry_unit, alike.date, alike.typed_price, alike.typed_currency
        ) as own
        where 'resourcing_unit_cost' = any(alike.wanted)
        union all
        select
            array['unbilled_sales'], 2, alike.context, sales.*,
            case
                when alike.typed_tax <> 0
                    then operations_tax_rate(alike.company_code, alike.typed_currency, sales.currency_code, alike.date)
            end
        from alike
        inner join cost_price as cost on cost.of_context = alike.context
        cross join lateral operations_entry_price(
            'sales', alike.contract_id, alike.transaction_class, alike.dimensions, alike.category_id,
            alike.product_id, alike.entry_unit, alike.date,
            case
                when alike.transaction_class = 'material' and alike.product_id is null then alike.typed_price
                when operations_is_priced(cost.reason) then cost.price
            end,
            case
                when alike.transaction_class = 'material' and alike.product_id is null then alike.typed_currency
                else cost.currency_code
            end
        ) as sales
        where 'unbilled_sales' = any(alike.wanted)
    )

    select
        asked.id, asked.source_kind::text, asked.external_id::text, '', '', '',
        coalesce(
            (
                select one.id
                from operations_taken_actual as taken
                inner join operations_actual as one on one.id = taken.actual_id
                where taken.journal_id = of_journal
                    and taken.source_id = asked.id
                    and one.transaction_type = made.actual
                order by
                    one.contract_line_customer_id is not distinct from share.line_customer_id desc,
                    one.billing_type = worth.billing_type desc, one.id
                limit 1
            ),
            asked.cost_id
        ),
        case made.actual
            when 'unbilled_sales' then 'cost' when 'interorganizational_sales' then 'resourcing_unit_cost' else ''
        end,
        asked.context * 3 + traced.side, made.actual, asked.transaction_class, worth.billing_type,
        round(share.count * 1.0 / asked.per, 16), case asked.per when 60 then 'hour' else asked.entry_unit end::text,
        traced.price, traced.price_list_id, traced.line_id, traced.override_id, traced.markup_id, traced.markup_percent,
        traced.list_price, traced.list_currency, traced.cost_price, traced.cost_currency, traced.cost_percent,
        traced.exchange_rate, traced.reason,
        worth.amount, coalesce(extended.discount, 0), coalesce(extended.fee, 0),
        case
            when worth.tax = 0 or made.actual <> 'unbilled_sales' then worth.tax
            else operations_sold_tax(
                worth.tax, currency.digits, worth.billing_type, asked.count, asked.sold, asked.customers,
                share.line_customer_id, asked.per
            )
        end,
        asked.typed_tax, asked.typed_currency::text, operations_lacks_tax(made.actual, asked.typed_tax, traced.tax_rate),
        traced.currency_code,
        currency.digits::integer, asked.date,
        case when made.is_lenders then asked.resourcing_company else asked.company_code end::text,
        asked.project_id, asked.contract_id, asked.contract_line_id, share.line_customer_id, share.customer_id,
        asked.category_id, asked.product_id, asked.product_name::text, asked.role_id, asked.task_id, asked.resource_id,
        asked.contracting_unit_id, asked.resourcing_unit_id, asked.custom, asked.description::text,
        asked.external_description::text, made.skip_sync, asked.subcontract_id,
        asked.company_code::text, asked.project_company::text, asked.stage::text, asked.situation, null::text, null::text,
        null::text
    from asked
    inner join made
        on made.relation = asked.relation
        and made.event = asked.event
        and made.contract = asked.situation
        and made.transaction_class = asked.transaction_class
    inner join traced on traced.of_context = asked.context and made.actual = any(traced.types)
    left join operations_currency as currency on currency.code = traced.currency_code
    cross join lateral (
        select null::uuid as line_customer_id, null::uuid as customer_id, asked.count
        where made.actual <> 'unbilled_sales'
        union all
        select sold.*
        from operations_shares(
            asked.customers, asked.customer_id,
            case made.quantity when 'difference' then asked.count - asked.sold else asked.sold end, asked.per
        ) as sold
        where made.actual = 'unbilled_sales'
    ) as share
    cross join lateral (
        select
            operations_worth(share.count, asked.per, traced.price, currency.digits) as amount,
            operations_line_tax(made.actual, asked.typed_tax, traced.tax_rate, currency.digits) as tax,
            case
                when made.actual = 'unbilled_sales' and made.quantity = 'difference' then made.billing
                when made.actual = 'unbilled_sales' then coalesce(asked.asked_billing_type, asked.billing_type)
                else asked.billing_type
            end as billing_type
    ) as worth
    left join lateral operations_discount_and_fee(
        worth.amount, asked.discount_percent, asked.fee_percent, currency.digits
    ) as extended on made.actual = 'unbilled_sales'
    -- A cost is no part: that of nothing used is 0.00, as at approval.
    where share.count <> 0 or made.actual <> 'unbilled_sales'
    union all
    select
        judged.id, judged.source_kind::text, judged.external_id::text, judged.code,
        case
            when judged.code in ('APR-117', 'APR-118') then 'subcontract'
            when judged.task_project <> judged.project_id then 'task'
            else 'category'
        end,
        case
            when judged.code in ('APR-117', 'APR-118') then judged.subcontract_number
            when judged.task_project <> judged.project_id then judged.task_number
            else judged.category_code
        end,
        null, '', 0, null, judged.transaction_class, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, judged.date, null, judged.project_id, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, judged.subcontract_id,
        judged.company_code::text, judged.project_company::text, judged.stage::text, judged.situation,
        judged.missing_currency::text, judged.subcontract_status::text, judged.subcontract_company::text
    from judged
    where judged.code <> ''
$$;
