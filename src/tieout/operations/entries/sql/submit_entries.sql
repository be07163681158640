-- question:   Submit these entries: which pass, and at which price do they get their journal lines?
--             An entry that is submitted already gets only the lines that its project wants now and it lacks; if another
--             contract line takes it now, it is submitted anew.
-- grain:      one row in all: how many passed, how many were refused with which code, and the problems met
-- parameters: entry_ids, company, submitter
-- index:      operations_entry_pkey, operations_open_entry_pkey,
--             operations_entry_journal_line_key, problem_log_record, and the keys of pricing (definitions/030_pricing.sql)
with decision as materialized (
    -- What approval will make of an entry decides which lines it gets now (operations spec 2.1, E2).
    select
        relation, contract, transaction_class, row_number() over () as number,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(actual) filter (where actual not in ('none', 'not_applicable')) as wanted,
        bool_or(actual = 'unbilled_sales') as sells
    from operations_entry_decision
    where event = 'approved'
    group by relation, contract, transaction_class
),

taken as materialized (
    select
        entry.*, case entry.transaction_class when 'time' then 60 else 1 end as per,
        coalesce(entry.minutes, entry.quantity) as count,
        project.number as project_number, project.stage,
        project.company_code as project_company, project.unit_id as contracting_unit_id,
        coalesce(resource.unit_id, project.unit_id) as resourcing_unit_id, resource.company_code as resourcing_company,
        operations_relation(
            resource.unit_id, project.unit_id, resource.company_code, project.company_code,
            parameters.interorganizational
        ) as relation,
        coalesce(role.code, category.code, product.code, entry.product_name) as priced_thing,
        subcontract.number as subcontract_number, subcontract.status as subcontract_status,
        subcontract.company_code as subcontract_company,
        open.place, open.status, open.submission_id as open_submission_id, open.lines_id as open_lines_id,
        -- Without a submitter, who submitted the entry before does so again: it is re-evaluated.
        coalesce(%(submitter)s, open.submitted_by) as submitter
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    left join operations_project as project on project.id = entry.project_id
    left join operations_resource as resource on resource.id = entry.resource_id
    left join operations_role as role on role.id = entry.role_id
    left join operations_category as category on category.id = entry.category_id
    left join operations_product as product on product.id = entry.product_id
    left join operations_subcontract as subcontract on subcontract.id = entry.subcontract_id
    left join operations_project_parameters as parameters on parameters.company_code = entry.company_code
    where entry.company_code = %(company)s
),

-- Asked once for all entries that are alike: which contract line takes them (operations spec 2.0.4, 4.9).
billing as materialized (
    select alike.*, found.contract_line_id, found.contract_id, found.situation, found.billing_type
    from (select distinct project_id, task_id, transaction_class, role_id, category_id from taken) as alike
    cross join lateral operations_billing(
        alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
    ) as found
),

judged as materialized (
    select
        taken.*, billing.contract_line_id, billing.contract_id, decision.contract as situation,
        coalesce(decision.wanted, '{}') as wanted, decision.number as decision,
        case when decision.sells then billing.billing_type else 'not_available' end as billing_type,
        unit.code as unit_code,
        unit.currency_code as unit_currency, unit_currency.digits as unit_digits,
        own_unit.currency_code as own_currency, own_currency.digits as own_digits,
        contract.currency_code as sales_currency, sales_currency.digits as sales_digits,
        had.types, had.cost_line,
        taken.status is null or taken.status = 'recall_requested' as is_approved,
        (taken.status = 'submitted' and not had.is_stale) is true as was_submitted,
        tieout_id() as new_submission_id,
        exists (
            select from problem_log as met where met.record_id = taken.id and met.process = 'approve'
        ) as had_problem,
        case
            when taken.status is null or taken.status = 'recall_requested' then '' -- approved: nothing to judge
            when taken.project_id is null then '' -- no work: nothing is priced
            when taken.company_code <> taken.project_company then 'APR-107'
            when taken.company_code <> taken.subcontract_company then 'APR-118'
            -- What was submitted while it was confirmed is evaluated again whatever became of the subcontract.
            when taken.subcontract_status <> 'confirmed' and taken.status <> 'submitted' and %(submitter)s::text is not null
                then 'APR-117'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when unit_currency.code is null
                or (own_currency.code is null and 'resourcing_unit_cost' = any(decision.wanted))
                or (sales_currency.code is null and decision.sells) then 'APR-105'
            else ''
        end as code
    from taken
    left join billing
        on billing.project_id = taken.project_id
        and billing.transaction_class = taken.transaction_class
        and billing.task_id is not distinct from taken.task_id
        and billing.role_id is not distinct from taken.role_id
        and billing.category_id is not distinct from taken.category_id
    left join operations_organizational_unit as unit on unit.id = taken.contracting_unit_id
    left join operations_organizational_unit as own_unit on own_unit.id = taken.resourcing_unit_id
    left join operations_contract as contract on contract.id = billing.contract_id
    left join operations_currency as unit_currency on unit_currency.code = unit.currency_code
    left join operations_currency as own_currency on own_currency.code = own_unit.currency_code
    left join operations_currency as sales_currency on sales_currency.code = contract.currency_code
    left join decision
        on decision.contract = billing.situation
        and decision.relation = taken.relation
        and decision.transaction_class = taken.transaction_class
    cross join lateral (
        select
            coalesce(array_agg(line.transaction_type::text), '{}') as types,
            (array_agg(line.id) filter (where line.transaction_type = 'cost'))[1] as cost_line,
            coalesce(
                bool_or(line.contract_line_id is distinct from billing.contract_line_id)
                    filter (where line.transaction_type = 'unbilled_sales'),
                false
            ) as is_stale
        from operations_entry_journal_line as line
        where taken.status = 'submitted' and line.submission_id = taken.open_lines_id
    ) as had
),

-- Whose prices are asked for, and in which currencies things were priced when they were entered.
asked as materialized (
    select
        array_agg(contracting_unit_id) || array_agg(resourcing_unit_id) as units,
        array_agg(contract_id) as contracts,
        array_agg(subcontract_id) as subcontracts,
        array_agg(currency_code) as currencies
    from (
        select distinct contracting_unit_id, resourcing_unit_id, contract_id, subcontract_id, currency_code
        from judged
        where code = ''
    ) as holder
),

-- By what else than role and unit can these prices differ? What no price names would only make entries differ that
-- are priced alike.
priced_by as materialized (
    select
        coalesce(bool_or(named.dimension = 'resource'), false) as resource,
        coalesce(bool_or(named.dimension = 'resourcing_company'), false) as company,
        coalesce(
            bool_or(named.dimension not in ('role', 'resourcing_unit', 'resource', 'resourcing_company')), false
        ) as custom
    from asked
    cross join lateral operations_named_dimensions(asked.units, asked.contracts, asked.subcontracts) as named
),

period as materialized (
    select found.date, found.number
    from asked
    cross join lateral operations_price_periods(
        asked.units, asked.contracts, asked.subcontracts, asked.currencies,
        array(select distinct date from judged where code = '')
    ) as found
),

passed as materialized (
    select
        judged.*,
        case when was_submitted then open_lines_id else new_submission_id end as lines_id,
        -- Entries that are priced alike have one number. What tells most of them apart comes first.
        dense_rank() over (
            order by
                period.number, role_id, decision, contract_id, contracting_unit_id, resourcing_unit_id,
                subcontract_id, category_id, product_id, unit, judged.price, judged.currency_code,
                judged.tax_amount <> 0,
                case when priced_by.resource then resource_id end,
                case when priced_by.company then resourcing_company end,
                case when priced_by.custom then judged.custom end
        ) as context
    from judged
    cross join priced_by
    inner join period on period.date = judged.date
    where code = '' and not is_approved and not (was_submitted and wanted <@ types)
),

-- A price for each context and kind of line, with its trace. Cost and interorganizational sales share the
-- contracting unit's price: the transfer price (operations spec 2.3), of a subcontract that of its purchase list (2.6).
-- The resourcing unit's own cost is not bought under it and is in its own
-- currency, sales are in the contract's; sales at cost are of the cost actual's unit price, a write-in's of what was
-- typed (spec 3.5, 3.6).
alike as materialized (
    select distinct on (context)
        context, contracting_unit_id, resourcing_unit_id, contract_id, date, wanted,
        transaction_class, subcontract_id, category_id, product_id, unit, price as typed_price,
        currency_code as typed_currency, tax_amount <> 0 as is_taxed,
        custom || jsonb_build_object(
            'role', role_id, 'resourcing_unit', resourcing_unit_id,
            'resourcing_company', resourcing_company, 'resource', resource_id
        ) as dimensions
    from passed
),

traced_cost as materialized (
    select
        alike.context, tieout_id() as trace_id, cost.*,
        case
            when alike.is_taxed
                then operations_tax_rate(%(company)s::text, alike.typed_currency, cost.currency_code, alike.date)
        end as tax_rate
    from alike
    cross join lateral operations_entry_price(
        'cost', alike.contracting_unit_id, alike.transaction_class, alike.dimensions, alike.category_id,
        alike.product_id, alike.unit, alike.date, alike.typed_price, alike.typed_currency, alike.subcontract_id
    ) as cost
),

traced_price as materialized (
    select array['cost', 'interorganizational_sales'] as types, cost.*
    from traced_cost as cost
    union all
    select array['resourcing_unit_cost'], alike.context, tieout_id(), own.*, null
    from alike
    cross join lateral operations_entry_price(
        'cost', alike.resourcing_unit_id, alike.transaction_class, alike.dimensions, alike.category_id,
        alike.product_id, alike.unit, alike.date, alike.typed_price, alike.typed_currency
    ) as own
    where 'resourcing_unit_cost' = any(alike.wanted)
    union all
    select
        array['unbilled_sales'], alike.context, tieout_id(), sales.*,
        case
            when alike.is_taxed
                then operations_tax_rate(%(company)s::text, alike.typed_currency, sales.currency_code, alike.date)
        end
    from alike
    inner join traced_cost as cost on cost.context = alike.context
    cross join lateral operations_entry_price(
        'sales', alike.contract_id, alike.transaction_class, alike.dimensions, alike.category_id,
        alike.product_id, alike.unit, alike.date,
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
),

priced as materialized (
    select
        passed.id as entry_id, passed.lines_id, passed.external_id, passed.transaction_class, passed.contract_line_id,
        passed.date, passed.count, passed.per, passed.custom, passed.priced_thing, passed.unit_code,
        passed.billing_type, case when passed.was_submitted then passed.cost_line end as cost_line,
        tieout_id() as id, made.type,
        case made.type
            when 'resourcing_unit_cost' then passed.own_digits
            when 'unbilled_sales' then passed.sales_digits
            else passed.unit_digits
        end as digits,
        found.trace_id, found.price, found.currency_code, found.reason, found.tax_rate,
        passed.tax_amount as typed_tax, passed.currency_code as tax_currency
    from passed
    inner join traced_price as found on found.context = passed.context
    cross join lateral unnest(found.types) as made (type)
    where made.type = any(passed.wanted) and not (passed.was_submitted and made.type = any(passed.types))
),

why as (
    insert into operations_price_trace (
        id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, reason
    )
    select
        trace_id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, cost_price, cost_currency, cost_percent, exchange_rate, reason
    from traced_price
),

submitted as (
    insert into operations_entry_submission (id, entry_id, lines_id, submitted_by)
    select new_submission_id, id, new_submission_id, submitter
    from judged
    where code = '' and not is_approved and not was_submitted
),

moved as (
    update operations_open_entry as open
    set
        status = 'submitted',
        submission_id = judged.new_submission_id,
        lines_id = judged.new_submission_id,
        submitted_by = judged.submitter,
        since = now()
    from judged
    where open.ctid = judged.place and judged.code = '' and not judged.is_approved and not judged.was_submitted
),

journalized as (
    -- From whole minutes, so that hours of 16 decimals never touch the amount.
    insert into operations_entry_journal_line (
        id, submission_id, transaction_type, contract_line_id, billing_type, quantity, price, amount, tax_amount,
        currency_code, price_trace_id, price_reason, custom
    )
    select
        id, lines_id, type, case type when 'unbilled_sales' then contract_line_id end, billing_type, round(count * 1.0 / per, 16), price,
        operations_worth(count, per, price, digits), operations_line_tax(type, typed_tax, tax_rate, digits),
        currency_code, trace_id, reason, custom
    from priced
),

connected as (
    insert into operations_transaction_connection (
        id, transaction1_id, transaction1_type, transaction1_role,
        transaction2_id, transaction2_type, transaction2_role, company_code
    )
    select
        tieout_id(), sales, 'journal_line', 'unbilled_sales', cost, 'journal_line', 'cost', %(company)s
    from (
        select
            coalesce((array_agg(id) filter (where type = 'cost'))[1], (array_agg(cost_line))[1]) as cost,
            (array_agg(id) filter (where type = 'unbilled_sales'))[1] as sales
        from priced
        group by entry_id
    ) as pair
    where cost is not null and sales is not null
),

traced as (
    insert into operations_transaction_origin (transaction_id, origin_id, origin_type)
    select id, entry_id, operations_entry_kind(transaction_class)
    from priced
)

select
    (select coalesce(jsonb_object_agg(code, entries), '{}')::text from (
        select code, count(*) as entries from judged where code <> '' group by code
    ) as refused) as refused,
    count(*) filter (where code = '' and not is_approved and not was_submitted) as submitted,
    count(*) filter (where code = '' and (is_approved or was_submitted)) as already_submitted,
    coalesce(sum(minutes) filter (where code = '' and not is_approved and not was_submitted), 0) as minutes,
    coalesce(array_agg(id) filter (where code = '' and had_problem and not is_approved), '{}') as mended,
    (
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', code, 'company_code', %(company)s::text, 'record_kind', operations_entry_kind(transaction_class),
                    'record_id', id, 'record_name', external_id,
                    'details', jsonb_build_object(
                        'record', external_id, 'company', %(company)s::text, 'project', project_number,
                        'project_company', project_company, 'stage', stage, 'event', 'approved',
                        'contract_type', situation,
                        'subcontract', subcontract_number, 'subcontract_status', subcontract_status,
                        'subcontract_company', subcontract_company,
                        'currency', case
                            when unit_digits is null then unit_currency
                            when sales_digits is null and 'unbilled_sales' = any(wanted) then sales_currency
                            else own_currency
                        end
                    )
                )
            ) filter (where code <> ''),
            '[]'
        )
        -- Recorded with amount 0, but never silently (DESIGN section 5). The record is the line: the entry passed.
        || (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'code', 'APR-102', 'company_code', %(company)s::text, 'record_kind', 'journal_line',
                            'record_id', id, 'record_name', external_id,
                            'details', jsonb_build_object(
                                'thing', priced_thing, 'price_date', date, 'unit', unit_code,
                                'currency', currency_code, 'reason', reason, 'transaction_type', type
                            )
                        )
                    ),
                    '[]'
                )
            from priced
            where not operations_is_priced(reason)
        )
        -- So is a tax that cannot be converted.
        || (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'code', 'APR-119', 'company_code', %(company)s::text, 'record_kind', 'journal_line',
                            'record_id', id, 'record_name', external_id,
                            'details', jsonb_build_object(
                                'record', external_id, 'tax', typed_tax, 'tax_currency', tax_currency,
                                'currency', currency_code, 'price_date', date,
                                'transaction_type', replace(type, '_', ' ')
                            )
                        )
                    ),
                    '[]'
                )
            from priced
            where operations_lacks_tax(type, typed_tax, tax_rate)
        )
    )::text as problems
from judged
