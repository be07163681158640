-- question:   Submit these time entries: which pass, and at which price do they get their journal lines?
--             An entry that was submitted before gets only the lines that its project wants now and it lacks.
-- grain:      one row in all: how many passed, how many were refused with which code, and the problems met
-- parameters: entry_ids, company, submitter
-- index:      operations_time_entry_pkey, operations_entry_submission_pkey,
--             operations_entry_journal_line_key, problem_log_record, and the keys of pricing (definitions/030_pricing.sql)
with decision as materialized (
    -- What approval will make of an entry decides which lines it gets now (operations spec 2.1, E2).
    select
        units, contract,
        bool_or(actual = 'not_applicable') as not_applicable,
        array_agg(actual::text) filter (where actual not in ('none', 'not_applicable')) as wanted,
        coalesce(max(billing) filter (where actual = 'unbilled_sales'), 'not_available') as billing_type
    from operations_decision
    where event = 'approved'
    group by units, contract
),

judged as materialized (
    select
        entry.id, entry.external_id, entry.role_id, entry.date, entry.minutes,
        project.number as project_number, project.stage, project.company_code as project_company,
        project.unit_id as contracting_unit_id, resource.unit_id as resourcing_unit_id,
        contract_line.contract_id, decision.contract as situation,
        decision.wanted, decision.billing_type,
        role.code as role_code, unit.code as unit_code,
        unit.currency_code as unit_currency, unit_currency.digits as unit_digits,
        own_unit.currency_code as own_currency, own_currency.digits as own_digits,
        contract.currency_code as sales_currency, sales_currency.digits as sales_digits,
        (select true from operations_entry_submission as done where done.entry_id = entry.id) is true as was_submitted,
        exists (
            select from problem_log as met where met.record_id = entry.id and met.process = 'approve'
        ) as had_problem,
        had.types, had.cost_line,
        case
            when entry.company_code <> project.company_code or resource.company_code <> project.company_code
                then 'APR-107'
            when decision.contract is null then 'INT-701'
            when decision.not_applicable then 'APR-103'
            when unit_currency.code is null
                or (own_currency.code is null and 'resourcing_unit_cost' = any(decision.wanted))
                or (sales_currency.code is null and 'unbilled_sales' = any(decision.wanted)) then 'APR-105'
            else ''
        end as code
    from unnest(%(entry_ids)s::uuid[]) as asked (id)
    cross join lateral (
        -- The offset keeps this a look-up by key: cost per entry does not grow with the history.
        select * from operations_time_entry as found where found.id = asked.id offset 0
    ) as entry
    inner join operations_project as project on project.id = entry.project_id
    inner join operations_resource as resource on resource.id = entry.resource_id
    inner join operations_role as role on role.id = entry.role_id
    inner join operations_organizational_unit as unit on unit.id = project.unit_id
    inner join operations_organizational_unit as own_unit on own_unit.id = resource.unit_id
    left join operations_contract_line as contract_line
        on contract_line.id = project.contract_line_id and project.stage = 'sold'
    left join operations_contract as contract on contract.id = contract_line.contract_id
    left join operations_currency as unit_currency on unit_currency.code = unit.currency_code
    left join operations_currency as own_currency on own_currency.code = own_unit.currency_code
    left join operations_currency as sales_currency on sales_currency.code = contract.currency_code
    left join decision
        on decision.contract = operations_situation(project.stage, contract_line.billing_method)
        and decision.units = case when resource.unit_id = project.unit_id then 'same' else 'different' end
    cross join lateral (
        select
            coalesce(array_agg(line.transaction_type::text), '{}') as types,
            (array_agg(line.id) filter (where line.transaction_type = 'cost'))[1] as cost_line
        from operations_entry_journal_line as line
        where line.entry_id = entry.id
    ) as had
    where entry.company_code = %(company)s
),

passed as not materialized (
    select * from judged where code = '' and not wanted <@ types
),

priced as materialized (
    -- Cost and interorganizational sales share the contracting unit's price: the transfer price (operations
    -- spec 2.3). The resourcing unit's own cost is in its own currency, sales are in the contract's.
    select
        passed.id as entry_id, passed.external_id, passed.date, passed.minutes, passed.role_code, passed.unit_code,
        passed.billing_type, passed.cost_line, tieout_id() as id, price.*
    from passed
    cross join lateral (
        select type, digits, cost.*
        from operations_cost_price(contracting_unit_id, role_id, resourcing_unit_id, date) as cost
        cross join (values ('cost', unit_digits), ('interorganizational_sales', unit_digits)) as made (type, digits)
        where type = any(wanted)
        union all
        select 'resourcing_unit_cost', own_digits, own.*
        from operations_cost_price(resourcing_unit_id, role_id, resourcing_unit_id, date) as own
        where 'resourcing_unit_cost' = any(wanted)
        union all
        select 'unbilled_sales', sales_digits, sales.*
        from operations_sales_price(contract_id, role_id, resourcing_unit_id, date) as sales
        where 'unbilled_sales' = any(wanted)
    ) as price
    where price.type <> all(passed.types)
),

submitted as (
    insert into operations_entry_submission (entry_id, submitted_by)
    select id, %(submitter)s
    from judged
    where code = '' and not was_submitted
),

journalized as (
    -- From whole minutes, so that hours of 16 decimals never touch the amount. Four more decimals make the
    -- quotient fine enough that rounding it half up is exact for any price of 16 decimals.
    insert into operations_entry_journal_line (
        id, entry_id, transaction_type, billing_type, quantity, price, amount, currency_code,
        price_list_id, role_price_id, price_reason
    )
    select
        id, entry_id, type, billing_type, round(minutes / 60.0, 16), price,
        round(minutes * price * 1.0000 / 60, digits), currency_code, price_list_id, role_price_id, reason
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
