-- question:   Enter these records (lending_relationship): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_lending_relationship_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, borrowing_company text, accrue_revenue int, time_category_id uuid, expense_category_id uuid,
        customer_id uuid, vendor_id uuid
    )
),
written as (
    insert into finance_lending_relationship as t (
        company_code, borrowing_company, accrue_revenue, time_category_id, expense_category_id, customer_id, vendor_id
    )
    select
        n.company,
        n.borrowing_company,
        n.accrue_revenue = 1,
        n.time_category_id,
        n.expense_category_id,
        n.customer_id,
        n.vendor_id
    from n
    on conflict (company_code, borrowing_company) do update set
        accrue_revenue = excluded.accrue_revenue,
        time_category_id = excluded.time_category_id,
        expense_category_id = excluded.expense_category_id,
        customer_id = excluded.customer_id,
        vendor_id = excluded.vendor_id
    where (t.accrue_revenue, t.time_category_id, t.expense_category_id, t.customer_id, t.vendor_id)
        is distinct from (
            excluded.accrue_revenue, excluded.time_category_id, excluded.expense_category_id, excluded.customer_id,
            excluded.vendor_id
        )
    returning company_code, borrowing_company, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company
    and w.borrowing_company = n.borrowing_company
