-- The accounts that a posting profile gives for a set of (posting type, project, category, partner company), each once:
-- among the rows that say exactly this partner company, or no partner, the most specific: project, its group, its
-- contract, all; of each the row of the category before that of all categories (finance spec 1.11; decision 0026). The
-- contract is that of the line that takes what no other line does. Null where there is none.
create or replace function finance_profile_accounts(
    company text, posting_types text[], projects uuid[], categories uuid[], partners text[]
)
returns table (posting_type text, project_id uuid, category_id uuid, partner_company text, account text)
language sql stable parallel safe as $$
    select
        w.posting_type,
        w.project_id,
        w.category_id,
        w.partner_company,
        coalesce(
            project_category.account, of_project.account, group_category.account, of_group.account,
            contract_category.account, of_contract.account, of_category.account, of_all.account
        )
    from unnest(posting_types, projects, categories, partners)
        as w (posting_type, project_id, category_id, partner_company)
    left join finance_project p on p.id = w.project_id
    left join finance_contract_line l on l.id = p.contract_line_id
    left join finance_project_group_member m on m.company_code = company and m.project_id = w.project_id
    left join finance_posting_profile project_category
        on project_category.company_code = company and project_category.posting_type = w.posting_type
        and project_category.partner_company = coalesce(w.partner_company, '')
        and project_category.project_id = w.project_id and project_category.project_group_id is null
        and project_category.contract_id is null and project_category.category_id = w.category_id
    left join finance_posting_profile of_project
        on of_project.company_code = company and of_project.posting_type = w.posting_type
        and of_project.partner_company = coalesce(w.partner_company, '')
        and of_project.project_id = w.project_id and of_project.project_group_id is null
        and of_project.contract_id is null and of_project.category_id is null
    left join finance_posting_profile group_category
        on group_category.company_code = company and group_category.posting_type = w.posting_type
        and group_category.partner_company = coalesce(w.partner_company, '')
        and group_category.project_id is null and group_category.project_group_id = m.project_group_id
        and group_category.contract_id is null and group_category.category_id = w.category_id
    left join finance_posting_profile of_group
        on of_group.company_code = company and of_group.posting_type = w.posting_type
        and of_group.partner_company = coalesce(w.partner_company, '')
        and of_group.project_id is null and of_group.project_group_id = m.project_group_id
        and of_group.contract_id is null and of_group.category_id is null
    left join finance_posting_profile contract_category
        on contract_category.company_code = company and contract_category.posting_type = w.posting_type
        and contract_category.partner_company = coalesce(w.partner_company, '')
        and contract_category.project_id is null and contract_category.project_group_id is null
        and contract_category.contract_id = l.contract_id and contract_category.category_id = w.category_id
    left join finance_posting_profile of_contract
        on of_contract.company_code = company and of_contract.posting_type = w.posting_type
        and of_contract.partner_company = coalesce(w.partner_company, '')
        and of_contract.project_id is null and of_contract.project_group_id is null
        and of_contract.contract_id = l.contract_id and of_contract.category_id is null
    left join finance_posting_profile of_category
        on of_category.company_code = company and of_category.posting_type = w.posting_type
        and of_category.partner_company = coalesce(w.partner_company, '')
        and of_category.project_id is null and of_category.project_group_id is null
        and of_category.contract_id is null and of_category.category_id = w.category_id
    left join finance_posting_profile of_all
        on of_all.company_code = company and of_all.posting_type = w.posting_type
        and of_all.partner_company = coalesce(w.partner_company, '')
        and of_all.project_id is null and of_all.project_group_id is null
        and of_all.contract_id is null and of_all.category_id is null
$$;

-- The accounts of a set of (posting type, project, category), each once; null where none is set up. Integration
-- accounts are parameters of the company, all others come from the rows of its posting profile that name no partner.
create or replace function finance_accounts(company text, posting_types text[], projects uuid[], categories uuid[])
returns table (posting_type text, project_id uuid, category_id uuid, account text)
language sql stable parallel safe as $$
    select
        p.posting_type,
        p.project_id,
        p.category_id,
        case p.posting_type
            when 'procurement_integration' then (
                select nullif(i.procurement_integration_account, '')
                from finance_integration_parameters i
                where i.company_code = company
            )
            when 'expense_integration' then (
                select nullif(i.expense_integration_account, '')
                from finance_integration_parameters i
                where i.company_code = company
            )
            else p.account
        end
    from finance_profile_accounts(company, posting_types, projects, categories, null) p
$$;

-- The accounts of what is posted between two companies: a row that names the partner goes before all that name none, so
-- that what one partner owes and costs stands apart whatever is said of projects and categories (decision 0021).
create or replace function finance_partner_accounts(
    company text, posting_types text[], projects uuid[], categories uuid[], partners text[]
)
returns table (posting_type text, project_id uuid, category_id uuid, partner_company text, account text)
language sql stable parallel safe as $$
    select p.posting_type, p.project_id, p.category_id, p.partner_company, coalesce(p.account, a.account)
    from finance_profile_accounts(company, posting_types, projects, categories, partners) p
    -- Partners share what names none of them: it comes once for each, and counts once.
    join (select distinct * from finance_profile_accounts(company, posting_types, projects, categories, null)) a
        on a.posting_type = p.posting_type
        and a.project_id is not distinct from p.project_id
        and a.category_id is not distinct from p.category_id
$$;
