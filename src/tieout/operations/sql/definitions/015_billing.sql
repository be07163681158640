-- Which contract line takes a transaction, and is it chargeable there (operations spec 2.0.4, 4.9)?

-- One row per project, contract line and transaction class that the line takes of the project. A project has
-- the line that it names itself, and those that are mapped to it besides. A line of a lost contract takes nothing.
drop view if exists operations_included_class cascade;
create view operations_included_class as
select
    mapped.project_id, line.id as contract_line_id, line.contract_id, line.line_number, line.billing_method,
    line.included_tasks, class.name as transaction_class
from (
    select id as project_id, contract_line_id
    from operations_project
    where contract_line_id is not null
    union
    select project_id, contract_line_id
    from operations_contract_line_project
    where active
) as mapped
inner join operations_contract_line as line on line.id = mapped.contract_line_id
inner join operations_contract as contract on contract.id = line.contract_id and contract.state <> 'lost'
cross join lateral (
    values
    ('time', line.include_time), ('expense', line.include_expense),
    ('material', line.include_material), ('fee', line.include_fee)
) as class (name, is_included)
where class.is_included;

-- The contract line that takes a transaction, its column of the decision table and its billing type; no row where
-- the project is not known. Only a sold project has a line: presales and internal work is cost, and a closed
-- project takes nothing ('closed' is no column). Work of a sold project that no line takes is not available for
-- billing and makes cost only, as on a fixed price. Complimentary never arises here: it is said by hand.
create or replace function operations_billing(
    of_project uuid, of_task uuid, of_class text, of_role uuid, of_category uuid
)
returns table (contract_line_id uuid, contract_id uuid, situation text, billing_type text)
language sql stable parallel safe as $$
    select
        line.contract_line_id,
        line.contract_id,
        case
            when project.stage = 'sold' then coalesce(line.billing_method, 'fixed_price')
            else project.stage
        end::text,
        case
            when line.contract_line_id is null then 'not_available'
            -- All that is asked of the class must be chargeable: the task where the line names its tasks,
            -- the role of time, the category of an expense; what the line says comes before the master.
            when line.task_billing = 'non_chargeable'
                or (of_class = 'time' and role.billing = 'non_chargeable')
                or (of_class = 'expense' and category.billing = 'non_chargeable') then 'non_chargeable'
            else 'chargeable'
        end
    from operations_project as project
    left join lateral (
        select
            taking.contract_line_id, taking.contract_id, taking.billing_method,
            case taking.included_tasks when 'selected' then selected.billing_type end as task_billing
        from operations_included_class as taking
        left join operations_contract_line_task as selected
            on selected.contract_line_id = taking.contract_line_id
            and selected.task_id = of_task
            and selected.active
        where taking.project_id = project.id
            and project.stage = 'sold'
            and taking.transaction_class = of_class
            and (taking.included_tasks = 'all' or selected.id is not null)
        -- Entering lets one line take it (operations_line_clashes); were there more, the answer is still one.
        order by taking.included_tasks desc, taking.contract_line_id
        limit 1
    ) as line on true
    left join lateral (
        select coalesce(own.billing_type, master.default_billing) as billing
        from operations_role as master
        left join operations_contract_line_role as own
            on own.role_id = master.id and own.contract_line_id = line.contract_line_id
        where master.id = of_role
    ) as role on true
    left join lateral (
        select coalesce(own.billing_type, master.default_billing) as billing
        from operations_category as master
        left join operations_contract_line_category as own
            on own.category_id = master.id and own.contract_line_id = line.contract_line_id
        where master.id = of_category
    ) as category on true
    where project.id = of_project
$$;

-- Work that two contract lines take both, which entering refuses (operations spec 4.9, vector T33): a line of all
-- tasks shares a class of a project with nobody, lines of selected tasks share it but no task. One row per
-- project, class, task (null: all) and line; every pair stands twice, once from either line.
create or replace function operations_line_clashes(of_projects uuid[])
returns table (
    project_id uuid, transaction_class text, task_id uuid, contract_line_id uuid, other_line_id uuid
)
language sql stable parallel safe as $$
    select one.project_id, one.transaction_class, shared.task_id, one.contract_line_id, other.contract_line_id
    from operations_included_class as one
    inner join operations_included_class as other
        on other.project_id = one.project_id
        and other.transaction_class = one.transaction_class
        and other.contract_line_id <> one.contract_line_id
    left join lateral (
        select selected.task_id
        from operations_contract_line_task as selected
        inner join operations_contract_line_task as also
            on also.task_id = selected.task_id and also.contract_line_id = other.contract_line_id and also.active
        inner join operations_task as task on task.id = selected.task_id and task.project_id = one.project_id
        where one.included_tasks = 'selected'
            and other.included_tasks = 'selected'
            and selected.contract_line_id = one.contract_line_id
            and selected.active
    ) as shared on true
    where one.project_id = any(of_projects)
        and ('all' in (one.included_tasks, other.included_tasks) or shared.task_id is not null)
$$;

-- Who bears what a contract line bills (operations spec 4.10): its customers with a share, or the customer of the
-- contract alone. `line_customer_id` is null for that one. One row per customer; the percents total 100.
create or replace function operations_line_customers(of_line uuid)
returns table (
    line_customer_id uuid, customer_id uuid, percent numeric, is_rounding boolean, not_to_exceed numeric
)
language sql stable parallel safe as $$
    select own.id, own.customer_id, own.percent, own.is_rounding, own.not_to_exceed
    from operations_contract_line_customer as own
    where own.contract_line_id = of_line and own.percent > 0
    union all
    select null, contract.customer_id, 100, true, null
    from operations_contract_line as line
    inner join operations_contract as contract on contract.id = line.contract_id
    where line.id = of_line
        and not exists (
            select from operations_contract_line_customer as own where own.contract_line_id = of_line
        )
$$;

-- On which terms a contract line bills: its discount and fee percent (operations spec 3.9), and its customers as
-- `operations_shares` takes them, null where the contract's customer bears all.
create or replace function operations_line_terms(of_line uuid)
returns table (customer_id uuid, customers jsonb, discount_percent numeric, fee_percent numeric)
language sql stable parallel safe as $$
    select
        contract.customer_id,
        (
            select jsonb_agg(to_jsonb(own))
            from operations_line_customers(of_line) as own
            where own.line_customer_id is not null
        ),
        line.discount_percent,
        line.fee_percent
    from operations_contract_line as line
    inner join operations_contract as contract on contract.id = line.contract_id
    where line.id = of_line
$$;

-- A count of a unit shared among the customers of a contract line (operations spec 4.10): on the quantity, to two
-- decimals, and the rounding customer takes the rest. Of time the count is minutes, of which 60 (`per`) are one.
create or replace function operations_shares(customers jsonb, of_customer uuid, of_count numeric, per integer)
returns table (line_customer_id uuid, customer_id uuid, count numeric)
language sql immutable parallel safe as $$
    select null::uuid, of_customer, of_count
    where customers is null
    union all
    select
        share.line_customer_id, share.customer_id,
        case
            when share.is_rounding
                then of_count - coalesce(sum(share.part) filter (where not share.is_rounding) over (), 0)
            else share.part
        end
    from (
        select
            one.line_customer_id, one.customer_id, one.is_rounding,
            round(of_count * one.percent * 1.0000 / (100 * per), 2) * per as part
        from jsonb_to_recordset(customers) as one (
            line_customer_id uuid, customer_id uuid, percent numeric, is_rounding boolean
        )
    ) as share
$$;

-- The part of a tax that a customer bears of a contract line: in proportion to its share of the count, rounded half up,
-- and who takes the rest of the quantity takes that of the tax; where that share is nothing, the first who has one does.
-- Asked only where there is a tax.
create or replace function operations_share_of_tax(
    of_tax numeric, digits integer, customers jsonb, of_line_customer uuid, of_count numeric, per integer
)
returns numeric
language sql immutable parallel safe as $$
    select case when taxed.takes_rest then of_tax - taxed.others else taxed.part end
    from (
        select
            one.line_customer_id, one.part, one.takes_rest,
            coalesce(sum(one.part) filter (where not one.takes_rest) over (), 0) as others
        from (
            select
                share.line_customer_id,
                round(of_tax * share.count * 1.0000000000000000000000000000000000000000 / of_count, digits) as part,
                row_number() over (order by customer.is_rounding desc, share.line_customer_id) = 1 as takes_rest
            from operations_shares(customers, null, of_count, per) as share
            left join jsonb_to_recordset(customers) as customer (line_customer_id uuid, is_rounding boolean)
                on customer.line_customer_id = share.line_customer_id
            where share.count <> 0
        ) as one
    ) as taxed
    where taxed.line_customer_id is not distinct from of_line_customer
$$;

-- The tax that a part of unbilled sales carries (operations spec 3.7): only what is chargeable does, in proportion to what
-- was submitted and never more than all of it; what is not chargeable carries none, and nobody else does (BUG 2146376).
create or replace function operations_sold_tax(
    of_tax numeric, digits integer, billing_type text, submitted numeric, sold numeric, customers jsonb,
    of_line_customer uuid, per integer
)
returns numeric
language sql immutable parallel safe as $$
    select case
        when of_tax = 0 or billing_type <> 'chargeable' then 0
        else operations_share_of_tax(
            case
                when abs(sold) >= abs(submitted) then of_tax
                else round(of_tax * sold * 1.0000000000000000000000000000000000000000 / submitted, digits)
            end,
            digits, customers, of_line_customer, sold, per
        )
    end
$$;

-- The same of a document that finance posted: its amount is not quantity x price, so it is shared by percent itself.
create or replace function operations_amount_shares(
    customers jsonb, of_customer uuid, of_quantity numeric, of_amount numeric, digits integer
)
returns table (line_customer_id uuid, customer_id uuid, quantity numeric, amount numeric)
language sql immutable parallel safe as $$
    select null::uuid, of_customer, of_quantity, of_amount
    where customers is null
    union all
    select
        share.line_customer_id, share.customer_id,
        case
            when share.is_rounding
                then of_quantity - coalesce(sum(share.quantity) filter (where not share.is_rounding) over (), 0)
            else share.quantity
        end,
        case
            when share.is_rounding
                then of_amount - coalesce(sum(share.amount) filter (where not share.is_rounding) over (), 0)
            else share.amount
        end
    from (
        select
            one.line_customer_id, one.customer_id, one.is_rounding,
            round(of_quantity * one.percent * 0.01, 2) as quantity, round(of_amount * one.percent * 0.01, digits) as amount
        from jsonb_to_recordset(customers) as one (
            line_customer_id uuid, customer_id uuid, percent numeric, is_rounding boolean
        )
    ) as share
$$;
