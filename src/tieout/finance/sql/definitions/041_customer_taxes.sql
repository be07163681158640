-- Which sales taxes a sale takes (finance spec 2.11): those that both its sales tax group, of who is billed, and its item
-- sales tax group, of what, hold. One row per tax of each pair of groups, each pair once; none for a pair without one.
create or replace function finance_sales_taxes(company text, tax_groups text[], item_tax_groups text[])
returns table (tax_group text, item_tax_group text, tax_code text, percent numeric)
language sql stable parallel safe as $$
    select w.tax_group, w.item_tax_group, t.code::text, t.percent
    from unnest(tax_groups, item_tax_groups) as w (tax_group, item_tax_group)
    join finance_sales_tax_group s
        on s.company_code = company and s.kind = 'sales' and s.tax_group = w.tax_group
    join finance_sales_tax_group i
        on i.company_code = company and i.kind = 'item' and i.tax_group = w.item_tax_group and i.tax_code = s.tax_code
    join finance_sales_tax_code t on t.company_code = company and t.code = s.tax_code
$$;

-- Those that a company charges its customers: of each pair of customer and category, each once, by the groups of both.
create or replace function finance_customer_taxes(company text, customers uuid[], categories uuid[])
returns table (customer_id uuid, category_id uuid, tax_code text, percent numeric)
language sql stable parallel safe as $$
    select w.customer_id, w.category_id, t.tax_code, t.percent
    from unnest(customers, categories) as w (customer_id, category_id)
    join finance_sales_tax_group_use c on c.company_code = company and c.owner_id = w.customer_id
    join finance_sales_tax_group_use i on i.company_code = company and i.owner_id = w.category_id
    cross join lateral finance_sales_taxes(company, array[c.tax_group::text], array[i.tax_group::text]) t
$$;
