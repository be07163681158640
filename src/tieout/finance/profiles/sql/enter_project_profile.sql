-- question:   Enter these records (project_profile): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_project_profile_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, code text, name text, billing_method text, time_costs text, expense_costs text,
        material_costs text, accrue_time int, accrue_expense int, accrue_material int, accrue_fee int
    )
),
written as (
    insert into finance_project_profile as t (
        company_code, billing_method, code, name, time_costs, expense_costs, material_costs, accrue_time,
        accrue_expense, accrue_material, accrue_fee
    )
    select
        n.company,
        n.billing_method,
        n.code,
        n.name,
        n.time_costs,
        n.expense_costs,
        n.material_costs,
        n.accrue_time = 1,
        n.accrue_expense = 1,
        n.accrue_material = 1,
        n.accrue_fee = 1
    from n
    on conflict (company_code, billing_method, code) do update set
        name = excluded.name,
        time_costs = excluded.time_costs,
        expense_costs = excluded.expense_costs,
        material_costs = excluded.material_costs,
        accrue_time = excluded.accrue_time,
        accrue_expense = excluded.accrue_expense,
        accrue_material = excluded.accrue_material,
        accrue_fee = excluded.accrue_fee
    where (t.name, t.time_costs, t.expense_costs, t.material_costs, t.accrue_time,
        t.accrue_expense, t.accrue_material, t.accrue_fee)
        is distinct from (excluded.name, excluded.time_costs, excluded.expense_costs,
            excluded.material_costs, excluded.accrue_time, excluded.accrue_expense, excluded.accrue_material,
            excluded.accrue_fee)
    returning company_code, billing_method, code, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company
    and w.billing_method = n.billing_method
    and w.code = n.code
