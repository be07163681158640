-- The sales taxes that a company charges its customers (finance spec 2.11): of each pair of customer and category, each
-- once, the taxes that both the sales tax group of the customer and the item sales tax group of the category hold. A
-- pair without a tax has no row.
create or replace function finance_customer_taxes(company text, customers uuid[], categories uuid[])
returns table (customer_id uuid, category_id uuid, tax_code text, percent numeric)
language sql stable parallel safe as $$
    select w.customer_id, w.category_id, t.code::text, t.percent
    from unnest(customers, categories) as w (customer_id, category_id)
    join finance_sales_tax_group_use c on c.company_code = company and c.owner_id = w.customer_id
    join finance_sales_tax_group_use i on i.company_code = company and i.owner_id = w.category_id
    join finance_sales_tax_group s
        on s.company_code = company and s.kind = 'sales' and s.tax_group = c.tax_group
    join finance_sales_tax_group g
        on g.company_code = company and g.kind = 'item' and g.tax_group = i.tax_group and g.tax_code = s.tax_code
    join finance_sales_tax_code t on t.company_code = company and t.code = s.tax_code
$$;
