-- What the ledger makes of kinds of transactions of a company (finance spec 1.11, 2.5.1), each kind once:
--   cost                       as the profile says of its class: profit_and_loss, balance, no_ledger, never_ledger
--   unbilled_sales             accrued, where the profile accrues its class and its line property lets it; else not_accrued
--   resourcing_unit_cost       profit_and_loss
--   interorganizational_sales  accrued, where the lender's relationship to the company of the project accrues
--   billed_sales               not_accrued
-- The profile is that of the billing method of the contract line that takes the work (else of its project), most specific
-- rule first: project, contract, all. Presales and internal projects go to profit and loss, unless a rule of an investment
-- profile covers an internal one. A company without any profile posts all cost to profit and loss and accrues nothing.
-- code: IMP-107, a sold project that no rule covers in a company that has profiles; IMP-103, no relationship to the
-- borrower. category_id: what lent work without a category is booked under. No contract line is the nil key.
create or replace function finance_treatments(
    company text, transaction_types text[], transaction_classes text[], projects uuid[], contract_lines uuid[],
    accruals boolean[]
)
returns table (
    transaction_type text, transaction_class text, project_id uuid, contract_line_id uuid, may_accrue boolean,
    treatment text, category_id uuid, code text
)
language sql stable parallel safe as $$
    with kind as materialized (
        select *
        from unnest(transaction_types, transaction_classes, projects, contract_lines, accruals)
            as k (transaction_type, transaction_class, project_id, contract_line_id, may_accrue)
    ),
    place as materialized (
        select
            w.project_id,
            w.contract_line_id,
            p.company_code,
            p.situation in ('time_and_materials', 'fixed_price') as is_sold,
            l.contract_id,
            case
                when p.situation in ('time_and_materials', 'fixed_price') then coalesce(l.billing_method, p.situation)
                when p.situation = 'internal' then 'investment'
            end as billing_method
        from (select distinct k.project_id, k.contract_line_id from kind k) w
        join finance_project p on p.id = w.project_id
        left join finance_contract_line l
            on l.id = case
                when w.contract_line_id = '00000000-0000-0000-0000-000000000000' then p.contract_line_id
                else w.contract_line_id
            end
    ),
    profiled as materialized (
        select
            w.project_id,
            w.contract_line_id,
            w.company_code,
            w.is_sold
                and f.id is null
                and exists (select from finance_project_profile x where x.company_code = company) as is_missing,
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
            and of_project.project_id = w.project_id and of_project.contract_id is null
        left join finance_profile_rule of_contract
            on of_contract.company_code = company and of_contract.billing_method = w.billing_method
            and of_contract.project_id is null and of_contract.contract_id = w.contract_id
        left join finance_profile_rule of_all
            on of_all.company_code = company and of_all.billing_method = w.billing_method
            and of_all.project_id is null and of_all.contract_id is null
            and w.is_sold
        left join finance_project_profile f
            on f.id = coalesce(of_project.profile_id, of_contract.profile_id, of_all.profile_id)
    )
    select
        k.transaction_type,
        k.transaction_class,
        k.project_id,
        k.contract_line_id,
        k.may_accrue,
        case k.transaction_type
            when 'cost' then coalesce(
                case k.transaction_class
                    when 'time' then f.time_costs
                    when 'expense' then f.expense_costs
                    when 'material' then f.material_costs
                end,
                'profit_and_loss')
            when 'resourcing_unit_cost' then 'profit_and_loss'
            when 'unbilled_sales' then
                case
                    when k.may_accrue
                        and case k.transaction_class
                            when 'time' then f.accrue_time
                            when 'expense' then f.accrue_expense
                            when 'material' then f.accrue_material
                            when 'fee' then f.accrue_fee
                            else false
                        end
                    then 'accrued'
                    else 'not_accrued'
                end
            when 'interorganizational_sales' then case when d.accrue_revenue then 'accrued' else 'not_accrued' end
            else 'not_accrued'
        end,
        case k.transaction_class when 'time' then d.time_category_id when 'expense' then d.expense_category_id end,
        case
            when k.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales') then
                case when d.id is null then 'IMP-103' end
            when k.transaction_type in ('cost', 'unbilled_sales') and f.is_missing then 'IMP-107'
        end
    from kind k
    left join profiled f on f.project_id = k.project_id and f.contract_line_id = k.contract_line_id
    left join finance_lending_relationship d
        on d.company_code = company and d.borrowing_company = f.company_code
        and k.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales')
$$;
