-- What the ledger makes of kinds of transactions of a company (finance spec 1.11, 2.5.1), each kind once:
--   cost                       as the profile says of its class: profit_and_loss, balance, no_ledger, never_ledger
--   unbilled_sales             accrued, where the profile accrues its class and its line property lets it; else not_accrued
--   resourcing_unit_cost       profit_and_loss
--   interorganizational_sales  accrued, where the lender's relationship to the company of the project accrues
--   billed_sales               not_accrued
-- The profile is that of finance_profiles; without one all cost goes to profit and loss and nothing accrues.
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
    left join finance_profiles(company, projects, contract_lines) f
        on f.project_id = k.project_id and f.contract_line_id = k.contract_line_id
    left join finance_lending_relationship d
        on d.company_code = company and d.borrowing_company = f.project_company
        and k.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales')
$$;

-- Whether the cost of an actual never enters the ledger, whatever its profile says: what was worked or spent under a
-- subcontract, where product receipts are posted to the ledger (finance spec 2.5.1). What a document of finance cost
-- does: it stands on an integration account.
create or replace function finance_never_enters(
    receipts boolean, transaction_type text, transaction_class text, source_kind text, subcontract text
)
returns boolean
language sql immutable parallel safe as $$
    select receipts and subcontract <> '' and transaction_type = 'cost' and transaction_class in ('time', 'expense')
        and source_kind in ('time_entry', 'expense_entry', 'journal_line')
$$;
