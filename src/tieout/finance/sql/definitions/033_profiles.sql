-- The project cost and revenue profile of work on (project, contract line) in a company, each pair once: that of the
-- billing method of the contract line that takes the work (else of its project), most specific rule first: project,
-- its group, contract, all (finance spec 1.11; decision 0026). Presales and internal projects have none, but an internal
-- one that a rule of an investment profile names, itself or its group; their method reads presales, internal or
-- investment. is_missing: a sold project that no rule covers in a company that has profiles. No contract line is the nil
-- key.
create or replace function finance_profiles(company text, projects uuid[], contract_lines uuid[])
returns table (
    project_id uuid, contract_line_id uuid, project_company text, billing_method text, is_missing boolean,
    time_costs text, expense_costs text, material_costs text,
    accrue_time boolean, accrue_expense boolean, accrue_material boolean, accrue_fee boolean
)
language sql stable parallel safe as $$
    with place as materialized (
        select
            w.project_id,
            w.contract_line_id,
            p.company_code,
            p.situation in ('time_and_materials', 'fixed_price') as is_sold,
            l.contract_id,
            case
                when p.situation in ('time_and_materials', 'fixed_price') then coalesce(l.billing_method, p.situation)
                when p.situation = 'internal' then 'investment'
                else p.situation
            end as billing_method
        from (select distinct k.* from unnest(projects, contract_lines) as k (project_id, contract_line_id)) w
        join finance_project p on p.id = w.project_id
        left join finance_contract_line l
            on l.id = case
                when w.contract_line_id = '00000000-0000-0000-0000-000000000000' then p.contract_line_id
                else w.contract_line_id
            end
    )
    select
        w.project_id,
        w.contract_line_id,
        w.company_code,
        case when w.billing_method = 'investment' and f.id is null then 'internal' else w.billing_method end,
        w.is_sold and f.id is null
            and exists (select from finance_project_profile x where x.company_code = company),
        f.time_costs,
        f.expense_costs,
        f.material_costs,
        f.accrue_time,
        f.accrue_expense,
        f.accrue_material,
        f.accrue_fee
    from place w
    left join finance_profile_rule of_project
        on of_project.company_code = company and of_project.billing_method = w.billing_method
        and of_project.project_id = w.project_id and of_project.project_group_id is null and of_project.contract_id is null
    left join finance_project_group_member m on m.company_code = company and m.project_id = w.project_id
    left join finance_profile_rule of_group
        on of_group.company_code = company and of_group.billing_method = w.billing_method
        and of_group.project_group_id = m.project_group_id and of_group.project_id is null
        and of_group.contract_id is null
    left join finance_profile_rule of_contract
        on of_contract.company_code = company and of_contract.billing_method = w.billing_method
        and of_contract.project_id is null and of_contract.project_group_id is null
        and of_contract.contract_id = w.contract_id
    left join finance_profile_rule of_all
        on of_all.company_code = company and of_all.billing_method = w.billing_method
        and of_all.project_id is null and of_all.project_group_id is null and of_all.contract_id is null
        and w.is_sold
    left join finance_project_profile f
        on f.id = coalesce(of_project.profile_id, of_group.profile_id, of_contract.profile_id, of_all.profile_id)
$$;
