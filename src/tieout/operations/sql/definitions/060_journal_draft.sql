-- Drafts of entry journals (operations spec 2.5, 6): what their lines are once the blanks are filled, as things are
-- now, what they come to, and why one cannot be confirmed. One row per line, with its place in the table; an empty code
-- is a good one (journals/rules.py LINE_REFUSALS).
--
-- A blank contract line is the one that takes such work, of a fee without one, a retainer, milestone or tax that of the
-- project. A blank billing type is that of the work there; a blank customer the only one. Nothing else is added: no
-- resourcing unit cost, no shares of several customers. Between two units of a company such rows stay in operations;
-- of a lent resource they are in the books of its company (DESIGN section 5). The cost of a line that arrived with a
-- general journal of finance is posted there already: it does not travel.
drop function if exists operations_journal_draft(uuid[]) cascade;
create function operations_journal_draft(of_journals uuid[])
returns table (
    journal_id uuid, line_id uuid, place tid, line_number integer, journal_number text, journal_company text,
    transaction_type text, transaction_class text, billing_type text, amount_method text, quantity numeric, unit text,
    price numeric, typed_price numeric, price_reason text, price_trace_id uuid, digits integer,
    amount numeric, discount_amount numeric, fee_amount numeric, tax_amount numeric, currency_code text,
    transaction_date date, accounting_date date, project_id uuid, project_number text, stage text, situation text,
    task_id uuid, role_id uuid, category_id uuid, product_id uuid, product_name text, resource_id uuid,
    contract_id uuid, contract_line_id uuid, contract_line_customer_id uuid, customer_id uuid,
    contracting_unit_id uuid, resourcing_unit_id uuid, resourcing_company text, books text, skip_sync boolean,
    description text, external_description text, custom jsonb, entered_by text, arrived_line_id uuid,
    code text, field text, stored text, value text
)
language sql stable as $$
    with line as materialized (
        select
            draft.*, draft.ctid as place, journal.number as journal_number, journal.company_code as journal_company,
            project.number as project_number, project.company_code as project_company, project.stage,
            project.unit_id as contracting_unit_id, project.contract_line_id as project_line_id,
            coalesce(resource.unit_id, project.unit_id) as resourcing_unit_id,
            resource.company_code as resourcing_company,
            draft.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales') as is_lending,
            draft.transaction_type in ('unbilled_sales', 'billed_sales') as is_sale,
            coalesce(parameters.journal_validation = 'strict', false) and draft.arrived_line_id is null as is_strict
        from operations_open_journal_line as draft
        inner join operations_journal as journal on journal.id = draft.journal_id
        left join operations_project as project on project.id = draft.project_id
        left join operations_resource as resource on resource.id = draft.resource_id
        left join operations_project_parameters as parameters on parameters.company_code = journal.company_code
        where draft.journal_id = any(of_journals)
    ),

    -- Asked once for all lines that are alike (operations spec 2.0.4, 4.9).
    billing as materialized (
        select alike.*, found.contract_line_id, found.situation, found.billing_type
        from (
            select distinct line.project_id, line.task_id, line.transaction_class, line.role_id, line.category_id
            from line
        ) as alike
        cross join lateral operations_billing(
            alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
        ) as found
    ),

    placed as materialized (
        select
            line.*, billing.situation as project_situation,
            coalesce(
                line.contract_line_id, billing.contract_line_id,
                case
                    when line.stage = 'sold' and line.transaction_class not in ('time', 'expense', 'material')
                        then line.project_line_id
                end
            ) as taking_line_id,
            billing.billing_type as usual_billing_type
        from line
        left join billing
            on billing.project_id = line.project_id
            and billing.transaction_class = line.transaction_class
            and billing.task_id is not distinct from line.task_id
            and billing.role_id is not distinct from line.role_id
            and billing.category_id is not distinct from line.category_id
    ),

    -- What a contract line says, once for each.
    terms as materialized (
        select
            asked.id, own.contract_id, own.billing_method, own.discount_percent, own.fee_percent, contract.customer_id,
            contract.company_code, contract.currency_code,
            (select count(*) from operations_line_customers(asked.id) as one where one.line_customer_id is not null)
                as customers
        from (select distinct taking_line_id as id from placed where taking_line_id is not null) as asked
        inner join operations_contract_line as own on own.id = asked.id
        inner join operations_contract as contract on contract.id = own.contract_id
    ),

    sold as materialized (
        select
            placed.*, terms.contract_id, terms.billing_method, terms.discount_percent, terms.fee_percent,
            terms.company_code as contract_company, terms.customers,
            coalesce(terms.billing_method, placed.project_situation)::text as line_situation,
            case
                when not placed.is_sale or terms.contract_id is null then null
                when terms.customers = 0 then terms.customer_id
                when placed.customer_id is null and terms.customers > 1 then null
                else own.customer_id
            end as sold_to,
            case when placed.is_sale then own.id end as line_customer_id,
            case
                when placed.billing_type <> '' then placed.billing_type
                when placed.transaction_class in ('retainer', 'milestone', 'tax') then 'chargeable'
                when placed.is_sale or terms.billing_method = 'time_and_materials' then placed.usual_billing_type
                else 'not_available'
            end as said_billing_type,
            coalesce(
                nullif(placed.currency_code, ''), nullif(placed.price_currency, ''),
                case
                    when placed.is_sale then terms.currency_code
                    when placed.transaction_type = 'resourcing_unit_cost' then own_unit.currency_code
                    else unit.currency_code
                end
            ) as currency
        from placed
        left join terms on terms.id = placed.taking_line_id
        left join operations_contract_line_customer as own
            on own.contract_line_id = placed.taking_line_id
            and own.percent > 0
            and (own.customer_id = placed.customer_id or (placed.customer_id is null and terms.customers = 1))
        left join operations_organizational_unit as unit on unit.id = placed.contracting_unit_id
        left join operations_organizational_unit as own_unit on own_unit.id = placed.resourcing_unit_id
    ),

    valued as materialized (
        select
            sold.*, currency.digits,
            coalesce(
                case sold.amount_method
                    when 'fixed_price' then round(sold.price, currency.digits)
                    else round(sold.quantity * sold.price, currency.digits)
                end,
                0
            ) as amount
        from sold
        left join operations_currency as currency on currency.code = sold.currency
    ),

    -- Retainers are entered as unbilled and billed sales that come to nothing (operations spec 2.4, 6).
    pair as materialized (
        select
            valued.journal_id, valued.project_id, valued.taking_line_id, valued.sold_to, valued.currency,
            count(*) filter (where valued.transaction_type = 'unbilled_sales')
            = count(*) filter (where valued.transaction_type = 'billed_sales')
            and sum(valued.amount) = 0 as is_whole,
            sum(valued.amount) as rest
        from valued
        where valued.transaction_class = 'retainer' and valued.is_sale
        group by 1, 2, 3, 4, 5
    )

    select
        valued.journal_id, valued.id, valued.place, valued.line_number, valued.journal_number::text, valued.journal_company::text,
        valued.transaction_type::text, valued.transaction_class::text, valued.said_billing_type::text,
        valued.amount_method::text, valued.quantity, valued.unit::text, valued.price, valued.typed_price,
        valued.price_reason::text, valued.price_trace_id, valued.digits,
        valued.amount, coalesce(extended.discount, 0), coalesce(extended.fee, 0), valued.tax_amount,
        valued.currency::text, valued.transaction_date, valued.accounting_date, valued.project_id,
        valued.project_number::text, valued.stage::text, valued.line_situation,
        valued.task_id, valued.role_id, valued.category_id, valued.product_id, valued.product_name::text,
        valued.resource_id, valued.contract_id, valued.taking_line_id, valued.line_customer_id, valued.sold_to,
        valued.contracting_unit_id, valued.resourcing_unit_id, valued.resourcing_company::text,
        case
            when valued.is_lending then coalesce(valued.resourcing_company, valued.journal_company)
            else valued.journal_company
        end::text,
        (valued.is_lending and coalesce(valued.resourcing_company, valued.journal_company) = valued.journal_company)
        or (valued.arrived_line_id is not null and valued.transaction_type = 'cost'),
        valued.description::text, valued.external_description::text, valued.custom, valued.entered_by::text,
        valued.arrived_line_id,
        fault.code, fault.field, coalesce(fault.stored, ''), coalesce(fault.value, '')
    from valued
    left join lateral operations_discount_and_fee(
        valued.amount, valued.discount_percent, valued.fee_percent, valued.digits
    ) as extended
        on valued.transaction_type = 'unbilled_sales'
        and valued.billing_method = 'time_and_materials'
        and valued.transaction_class in ('time', 'expense', 'material', 'fee')
    left join operations_journal_kind as kind
        on kind.transaction_type = valued.transaction_type and kind.transaction_class = valued.transaction_class
    left join operations_journal_rule as rule
        on valued.is_strict
        and rule.situation = valued.line_situation
        and rule.transaction_type = valued.transaction_type
        and rule.transaction_class = valued.transaction_class
    left join pair
        on valued.is_strict
        and rule.allowed = 'pair'
        and pair.journal_id = valued.journal_id
        and pair.project_id = valued.project_id
        and pair.taking_line_id is not distinct from valued.taking_line_id
        and pair.sold_to is not distinct from valued.sold_to
        and pair.currency is not distinct from valued.currency
    cross join lateral (
        select
            coalesce(first.code, '') as code, coalesce(first.field, '') as field, first.stored::text as stored,
            first.value::text as value
        from (values (1)) as always (one)
        left join lateral (
            select tried.*
            from (
                values
                (
                    1, valued.project_company is distinct from valued.journal_company,
                    'JRN-103', 'project', valued.journal_company, valued.project_number
                ),
                (
                    2, valued.contract_company <> valued.journal_company,
                    'JRN-103', 'contract', valued.journal_company, valued.contract_company
                ),
                (
                    3, valued.resourcing_company <> valued.journal_company and not valued.is_lending,
                    'JRN-103', 'resource', valued.journal_company, valued.resourcing_company
                ),
                (4, valued.stage = 'closed', 'JRN-102', 'project', valued.stage, valued.project_number),
                (
                    5, valued.customer_id is not null and valued.customer_id is distinct from valued.sold_to,
                    'JRN-111', 'customer', '',
                    (select one.account_number from operations_customer as one where one.id = valued.customer_id)
                ),
                (
                    6, not coalesce(kind.posted, false), 'JRN-106', 'transaction_class',
                    replace(valued.transaction_type, '_', ' '), valued.transaction_class
                ),
                (
                    7,
                    valued.price is null or (
                        valued.typed_price is null and valued.price_currency <> valued.currency
                    ),
                    'JRN-107', 'price', coalesce(nullif(valued.price_currency, ''), 'none'),
                    case
                        when valued.transaction_class in ('fee', 'retainer', 'milestone', 'tax')
                            then 'a ' || valued.transaction_class || ' has no price list'
                        when valued.price is null then 'work is priced per hour, not per ' || valued.unit
                        else 'the price lists price in ' || valued.price_currency || ', the line says ' || valued.currency
                    end
                ),
                (8, valued.digits is null, 'JRN-104', 'currency', '', coalesce(valued.currency, '')),
                (
                    9, valued.tax_amount <> round(valued.tax_amount, valued.digits), 'JRN-105', 'tax',
                    valued.currency, trim_scale(valued.tax_amount)::text
                ),
                (
                    10,
                    valued.amount_method = 'fixed_price' and valued.price <> round(valued.price, valued.digits),
                    'JRN-105', 'price', valued.currency, trim_scale(valued.price)::text
                ),
                (
                    11, abs(valued.amount) > 1000000000 or abs(valued.tax_amount) > 1000000000, 'JRN-112', 'price',
                    valued.currency, trim_scale(greatest(abs(valued.amount), abs(valued.tax_amount)))::text
                ),
                (
                    12, valued.is_strict and coalesce(rule.allowed, 'no') = 'no', 'JRN-108', 'transaction_class',
                    replace(coalesce(valued.line_situation, 'no contract'), '_', ' '),
                    replace(valued.transaction_type, '_', ' ') || ' of ' || valued.transaction_class
                ),
                (
                    13, valued.is_strict and valued.is_sale and valued.customers > 1 and valued.sold_to is null,
                    'JRN-110', 'customer', valued.customers::text, ''
                ),
                (
                    14, valued.is_strict and rule.allowed = 'pair' and not pair.is_whole, 'JRN-109', 'transaction_type',
                    '', trim_scale(pair.rest)::text
                )
            ) as tried (place, applies, code, field, stored, value)
            where tried.applies
            order by tried.place
            limit 1
        ) as first on true
    ) as fault
$$;
