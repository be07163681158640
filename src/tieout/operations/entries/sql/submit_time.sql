-- question:   Submit these time entries: which pass, and at which price do they get their journal lines?
--             An entry that is submitted already gets only the lines that its project wants now and it lacks.
-- grain:      one row in all: how many passed, how many were refused with which code, and the problems met
-- parameters: entry_ids, company, submitter
-- index:      operations_time_entry_pkey, operations_open_entry_pkey,
--             operations_entry_journal_line_key, problem_log_record, and the keys of pricing (definitions/030_pricing.sql)
with decision as materialized (
    -- What approval will make of an entry decides which lines it gets now (operations spec 2.1, E2).
    select
        units, contract,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(actual::text) filter (where actual not in ('none', 'not_applicable')) as wanted,
        bool_or(actual = 'unbilled_sales') as sells
    from operations_decision
    where event = 'approved'
    group by units, contract
),

-- By what else than role and unit can prices differ? What no price names would only make entries differ that are
-- priced alike.
priced_by as materialized (
    select
        coalesce(bool_or(resource_id is not null), false) as resource,
        coalesce(bool_or(resourcing_company <> ''), false) as company,
        coalesce(bool_or(dimensions <> '{}'), false) as custom
    from (
        select resource_id, resourcing_company, dimensions from operations_role_price
        union all
        select resource_id, resourcing_company, dimensions from operations_role_price_markup
    ) as line
),

taken as materialized (
    select
        entry.id, entry.external_id, entry.resource_id, entry.role_id, entry.task_id, entry.date, entry.minutes,
        entry.custom,
        project.id as project_id, project.number as project_number, project.stage,
        project.company_code as project_company, project.unit_id as contracting_unit_id,
        resource.unit_id as resourcing_unit_id, resource.company_code as resourcing_company,
        case when resource.unit_id = project.unit_id then 'same' else 'different' end as units,
        role.code as role_code,
        entry.company_code <> project.company_code or resource.company_code <> project.company_code as is_foreign,
        open.place, open.status, open.submission_id as open_submission_id, open.lines_id as open_lines_id,
        -- Without a submitter, who submitted the entry before does so again: it is re-evaluated.
        coalesce(%(submitter)s, open.submitted_by) as submitter
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_time_entry as found where found.id = asked.id offset 0
    ) as entry
    left join lateral operations_open_entry_of(entry.id) as open on true
    inner join operations_project as project on project.id = entry.project_id
    inner join operations_resource as resource on resource.id = entry.resource_id
    inner join operations_role as role on role.id = entry.role_id
    where entry.company_code = %(company)s
),

-- Asked once for all entries that are alike: which contract line takes them (operations spec 2.0.4, 4.9).
billing as materialized (
    select alike.*, found.contract_id, found.situation, found.billing_type
    from (select distinct project_id, task_id, role_id from taken) as alike
    cross join lateral operations_billing(alike.project_id, alike.task_id, 'time', alike.role_id, null) as found
),

judged as materialized (
    select
        taken.*, billing.contract_id, decision.contract as situation, decision.wanted,
        case when decision.sells then billing.billing_type else 'not_available' end as billing_type,
        unit.code as unit_code,
        unit.currency_code as unit_currency, unit_currency.digits as unit_digits,
        own_unit.currency_code as own_currency, own_currency.digits as own_digits,
        contract.currency_code as sales_currency, sales_currency.digits as sales_digits,
        taken.status is null or taken.status in ('submitted', 'recall_requested') as was_submitted,
        taken.status in ('draft', 'returned', 'submitted') as takes_lines,
        case when taken.status in ('draft', 'returned') then tieout_id() else taken.open_submission_id end
            as submission_id,
        case when taken.status = 'submitted' then taken.open_lines_id end as lines_id,
        exists (
            select from problem_log as met where met.record_id = taken.id and met.process = 'approve'
        ) as had_problem,
        had.types, had.cost_line,
        case
            when taken.status is null or taken.status = 'recall_requested' then '' -- approved: nothing to judge
            when taken.is_foreign then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when unit_currency.code is null
                or (own_currency.code is null and 'resourcing_unit_cost' = any(decision.wanted))
                or (sales_currency.code is null and decision.sells) then 'APR-105'
            else ''
        end as code
    from taken
    inner join billing
        on billing.project_id = taken.project_id
        and billing.role_id = taken.role_id
        and billing.task_id is not distinct from taken.task_id
    inner join operations_organizational_unit as unit on unit.id = taken.contracting_unit_id
    inner join operations_organizational_unit as own_unit on own_unit.id = taken.resourcing_unit_id
    left join operations_contract as contract on contract.id = billing.contract_id
    left join operations_currency as unit_currency on unit_currency.code = unit.currency_code
    left join operations_currency as own_currency on own_currency.code = own_unit.currency_code
    left join operations_currency as sales_currency on sales_currency.code = contract.currency_code
    left join decision on decision.contract = billing.situation and decision.units = taken.units
    cross join lateral (
        select
            coalesce(array_agg(line.transaction_type::text), '{}') as types,
            (array_agg(line.id) filter (where line.transaction_type = 'cost'))[1] as cost_line
        from operations_entry_journal_line as line
        where taken.status = 'submitted' and line.submission_id = taken.open_lines_id
    ) as had
),

passed as materialized (
    select
        judged.*,
        -- Entries that are priced alike have one number.
        dense_rank() over (
            order by
                contracting_unit_id, resourcing_unit_id, contract_id, role_id, date, wanted,
                case when priced_by.resource then resource_id end,
                case when priced_by.company then resourcing_company end,
                case when priced_by.custom then judged.custom end
        ) as context
    from judged
    cross join priced_by
    where code = '' and takes_lines and not wanted <@ types
),

-- A price for each context and kind of line, with its trace. Cost and interorganizational sales share the
-- contracting unit's price: the transfer price (operations spec 2.3). The resourcing unit's own cost is in its own
-- currency, sales are in the contract's.
traced_price as materialized (
    select alike.context, tieout_id() as trace_id, price.*
    from (
        select distinct on (context)
            context, contracting_unit_id, resourcing_unit_id, contract_id, date, wanted,
            custom || jsonb_build_object(
                'role', role_id, 'resourcing_unit', resourcing_unit_id,
                'resourcing_company', resourcing_company, 'resource', resource_id
            ) as dimensions
        from passed
    ) as alike
    cross join lateral (
        select made.types, cost.*
        from operations_cost_price(alike.contracting_unit_id, alike.dimensions, alike.date) as cost
        cross join (values (array['cost', 'interorganizational_sales'])) as made (types)
        union all
        select array['resourcing_unit_cost'], own.*
        from operations_cost_price(alike.resourcing_unit_id, alike.dimensions, alike.date) as own
        where 'resourcing_unit_cost' = any(alike.wanted)
        union all
        select array['unbilled_sales'], sales.*
        from operations_sales_price(alike.contract_id, alike.dimensions, alike.date) as sales
        where 'unbilled_sales' = any(alike.wanted)
    ) as price
),

priced as materialized (
    select
        passed.id as entry_id, coalesce(passed.lines_id, passed.submission_id) as lines_id, passed.external_id,
        passed.date, passed.minutes, passed.custom, passed.role_code, passed.unit_code,
        passed.billing_type, passed.cost_line, tieout_id() as id, made.type,
        case made.type
            when 'resourcing_unit_cost' then passed.own_digits
            when 'unbilled_sales' then passed.sales_digits
            else passed.unit_digits
        end as digits,
        found.trace_id, found.price, found.currency_code, found.reason
    from passed
    inner join traced_price as found on found.context = passed.context
    cross join lateral unnest(found.types) as made (type)
    where made.type = any(passed.wanted) and made.type <> all(passed.types)
),

why as (
    insert into operations_price_trace (
        id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, exchange_rate, reason
    )
    select
        trace_id, price, currency_code, price_list_id, line_id, override_id, markup_id, markup_percent, list_price,
        list_currency, exchange_rate, reason
    from traced_price
),

submitted as (
    insert into operations_entry_submission (id, entry_id, lines_id, submitted_by)
    select submission_id, id, submission_id, submitter
    from judged
    where code = '' and not was_submitted
),

moved as (
    update operations_open_entry as open
    set
        status = 'submitted',
        submission_id = judged.submission_id,
        lines_id = judged.submission_id,
        submitted_by = judged.submitter,
        since = now()
    from judged
    where open.ctid = judged.place and judged.code = '' and not judged.was_submitted
),

journalized as (
    -- From whole minutes, so that hours of 16 decimals never touch the amount. Four more decimals make the
    -- quotient fine enough that rounding it half up is exact for any price of 16 decimals.
    insert into operations_entry_journal_line (
        id, submission_id, transaction_type, billing_type, quantity, price, amount, currency_code, price_trace_id,
        price_reason, custom
    )
    select
        id, lines_id, type, billing_type, round(minutes / 60.0, 16), price,
        round(minutes * price * 1.0000 / 60, digits), currency_code, trace_id, reason, custom
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
    select id, entry_id, 'time_entry'
    from priced
)

select
    (select coalesce(jsonb_object_agg(code, entries), '{}')::text from (
        select code, count(*) as entries from judged where code <> '' group by code
    ) as refused) as refused,
    count(*) filter (where code = '' and not was_submitted) as submitted,
    count(*) filter (where code = '' and was_submitted) as already_submitted,
    coalesce(sum(minutes) filter (where code = '' and not was_submitted), 0) as minutes,
    coalesce(array_agg(id) filter (where code = '' and had_problem), '{}') as mended,
    (
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'code', code, 'company_code', %(company)s::text, 'record_kind', 'time_entry',
                    'record_id', id, 'record_name', external_id,
                    'details', jsonb_build_object(
                        'record', external_id, 'company', %(company)s::text, 'project', project_number,
                        'project_company', project_company, 'stage', stage, 'event', 'approved',
                        'contract_type', situation,
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
                                'role', role_code, 'price_date', date, 'unit', unit_code,
                                'currency', currency_code, 'reason', reason, 'transaction_type', type
                            )
                        )
                    ),
                    '[]'
                )
            from priced
            where reason <> 'role_price'
        )
    )::text as problems
from judged
