-- The accounts of a set of (posting type, project, category), each once; null where none is set up. Integration
-- accounts are parameters of the company, all others come from its posting profile, most specific row first:
-- project and category, project, category, all (finance spec 1.11, 1.12).
create or replace function finance_accounts(company text, posting_types text[], projects uuid[], categories uuid[])
returns table (posting_type text, project_id uuid, category_id uuid, account text)
language sql stable parallel safe as $$
    select
        w.posting_type,
        w.project_id,
        w.category_id,
        case w.posting_type
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
            else coalesce(of_both.account, of_project.account, of_category.account, of_all.account)
        end
    from unnest(posting_types, projects, categories) as w (posting_type, project_id, category_id)
    left join finance_posting_profile of_both
        on of_both.company_code = company and of_both.posting_type = w.posting_type
        and of_both.project_id = w.project_id and of_both.category_id = w.category_id
    left join finance_posting_profile of_project
        on of_project.company_code = company and of_project.posting_type = w.posting_type
        and of_project.project_id = w.project_id and of_project.category_id is null
    left join finance_posting_profile of_category
        on of_category.company_code = company and of_category.posting_type = w.posting_type
        and of_category.project_id is null and of_category.category_id = w.category_id
    left join finance_posting_profile of_all
        on of_all.company_code = company and of_all.posting_type = w.posting_type
        and of_all.project_id is null and of_all.category_id is null
$$;
