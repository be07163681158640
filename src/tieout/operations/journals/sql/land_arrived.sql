-- question:   Which lines does the entry journal of an arrived general journal have? Per line of finance its cost, at the
--             cost price of a unit; where a contract line on time and materials takes the work also its sales, at the
--             typed price. Without one 0, or as the project parameters say what the price lists say (finance spec 2.14,
--             5 L21). Where several customers bear the contract line, one of sales for each, by its share of the
--             quantity (operations spec 4.10), so that each can be invoiced. `width` numbers per line of finance, so
--             that each is found again.
-- grain:      one row of landed_journal_line per line of the entry journal; reports their number
-- parameters: journal_id, company, number, width
-- index:      operations_arrived_journal_line_key, operations_contract_line_pkey
insert into landed_journal_line (
    row_number, company_code, journal, line_number, transaction_type, transaction_class, billing_type, amount_method,
    quantity, unit, typed_price, tax_amount, currency_code, transaction_date, accounting_date, project_id, task_id,
    role_id, category_id, product_id, product_name, resource_id, contract_line_id, customer_id, description,
    external_description, custom
)
with line as materialized (
    select arrived.* from operations_arrived_journal_line as arrived where arrived.journal_id = %(journal_id)s
),
-- asked once for all lines that are alike
billing as materialized (
    select alike.*, found.contract_line_id
    from (
        select distinct line.project_id, line.task_id, line.transaction_class, line.role_id, line.category_id
        from line
    ) as alike
    cross join lateral operations_billing(
        alike.project_id, alike.task_id, alike.transaction_class, alike.role_id, alike.category_id
    ) as found
),
sold as materialized (
    select
        line.*, contract_line.billing_method, contract_line.id as taking_line_id,
        coalesce(parameters.general_journal_sales, 'typed') as sales
    from line
    left join billing
        on billing.project_id = line.project_id
        and billing.transaction_class = line.transaction_class
        and billing.category_id = line.category_id
        and billing.task_id is not distinct from line.task_id
        and billing.role_id is not distinct from line.role_id
    left join operations_contract_line as contract_line
        on contract_line.id = coalesce(line.contract_line_id, billing.contract_line_id)
    left join operations_project_parameters as parameters on parameters.company_code = line.company_code
),
borne as materialized (
    select asked.id, terms.customers
    from (select distinct sold.taking_line_id as id from sold where sold.taking_line_id is not null) as asked
    cross join lateral operations_line_terms(asked.id) as terms
)
select
    row_number() over (order by sold.line_number, made.place), %(company)s, %(number)s,
    (sold.line_number - 1) * %(width)s + made.place, made.transaction_type, sold.transaction_class, '', 'multiply',
    made.quantity, case sold.transaction_class when 'time' then 'hour' else 'each' end, made.price, 0,
    made.currency, sold.transaction_date, sold.accounting_date, sold.project_id, sold.task_id, sold.role_id,
    sold.category_id, null, case sold.transaction_class when 'material' then left(sold.description, 200) else '' end,
    sold.resource_id, sold.contract_line_id, made.customer_id, sold.description, '', '{}'::jsonb
from sold
left join borne on borne.id = sold.taking_line_id
cross join lateral (
    select
        1 as place, 'cost' as transaction_type, sold.quantity, sold.unit_cost as price, sold.currency_code as currency,
        null::uuid as customer_id
    union all
    select
        1 + row_number() over (order by share.line_customer_id), 'unbilled_sales', share.count,
        case when sold.sales = 'typed' then coalesce(sold.sales_price, 0) else sold.sales_price end, '', share.customer_id
    from operations_shares(borne.customers, null, sold.quantity, 1) as share
    where sold.billing_method = 'time_and_materials' and (borne.customers is null or share.count <> 0)
) as made
