-- question:   What does one unit of this category of expenses, or of this product, cost on this project and what is it sold for, and
--             why? As submission asks: what was typed stands where the lists have no cost, and sales may be at cost.
-- grain:      one row per side, sales only where the project has a contract; what is not set up is null
-- parameters: company, project, category, product, subcontract, unit, on_date, typed, currency
-- index:      the unique codes of project, category, product and subcontract, and the keys of pricing
with asked as materialized (
    select
        project.id as project_id, category.id as category_id, product.id as product_id, subcontract.id as subcontract_id,
        measure.id as measure_id, unit.id as unit_id, unit.code as unit_code, contract.id as contract_id,
        contract.number as contract_number, case when %(product)s::text is null then 'expense' else 'material' end as class
    from (values (%(company)s::text)) as of (company)
    left join operations_project as project on project.number = %(project)s and project.company_code = of.company
    left join operations_organizational_unit as unit on unit.id = project.unit_id
    left join operations_contract_line as line on line.id = project.contract_line_id and project.stage = 'sold'
    left join operations_contract as contract on contract.id = line.contract_id
    left join operations_category as category
        on category.code = %(category)s::text and category.transaction_class = 'expense'
    left join operations_product as product on product.code = %(product)s::text
    left join operations_measure_unit as measure on measure.code = %(unit)s
    left join operations_subcontract as subcontract
        on subcontract.number = %(subcontract)s::text and subcontract.company_code = of.company
),

cost as materialized (
    select found.*
    from asked
    cross join lateral operations_entry_price(
        'cost', asked.unit_id, asked.class, '{}', asked.category_id, asked.product_id, %(unit)s, %(on_date)s,
        %(typed)s::numeric, %(currency)s::text, asked.subcontract_id
    ) as found
)

select asked.*, bought.whose, cost.*
from asked
cross join cost
left join lateral operations_considered_purchases(asked.subcontract_id) as bought on bought.price_list_id = cost.price_list_id
union all
select asked.*, null, sales.*
from asked
cross join cost
cross join lateral operations_entry_price(
    'sales', asked.contract_id, asked.class, '{}', asked.category_id, asked.product_id, %(unit)s, %(on_date)s,
    case when operations_is_priced(cost.reason) then cost.price end, cost.currency_code
) as sales
where asked.contract_id is not null
