-- question:   Which sales tax groups do the project, contract and customer of each sale have, which item sales tax groups its
--             category and product, and what do the parameters of the company say?
-- grain:      one row per sale, by its place in the request
-- parameters: company, sales
-- index:      finance_sales_tax_group_use_key, finance_integration_parameters_pkey
select
    s.place,
    coalesce(i.billing_tax_group_from, 'search') as group_from,
    coalesce(i.milestone_item_tax_group, '') as milestone,
    coalesce(of_project.tax_group, '') as project,
    coalesce(of_contract.tax_group, '') as contract,
    coalesce(of_customer.tax_group, '') as customer,
    coalesce(of_category.tax_group, '') as category,
    coalesce(of_product.tax_group, '') as product
from jsonb_to_recordset(%(sales)s::jsonb) as s (
    place int, project_id uuid, contract_id uuid, customer_id uuid, category_id uuid, product_id uuid
)
left join finance_integration_parameters i on i.company_code = %(company)s
left join finance_sales_tax_group_use of_project
    on of_project.company_code = %(company)s and of_project.owner_id = s.project_id
left join finance_sales_tax_group_use of_contract
    on of_contract.company_code = %(company)s and of_contract.owner_id = s.contract_id
left join finance_sales_tax_group_use of_customer
    on of_customer.company_code = %(company)s and of_customer.owner_id = s.customer_id
left join finance_sales_tax_group_use of_category
    on of_category.company_code = %(company)s and of_category.owner_id = s.category_id
left join finance_sales_tax_group_use of_product
    on of_product.company_code = %(company)s and of_product.owner_id = s.product_id
order by s.place
