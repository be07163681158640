-- The account of a posting type; null when none is set up. Integration accounts are parameters of the company,
-- all others come from its posting profile, most specific row first: project and category, project, category,
-- all (finance spec 1.11, 1.12). Call it once per distinct (posting type, project, category).
create or replace function finance_account(company text, wanted text, project uuid, category uuid) returns text
language sql stable parallel safe as $$
    select case wanted
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
        else coalesce(
            (
                select p.account
                from finance_posting_profile p
                where p.company_code = company and p.posting_type = wanted
                    and p.project_id = project and p.category_id = category
            ),
            (
                select p.account
                from finance_posting_profile p
                where p.company_code = company and p.posting_type = wanted
                    and p.project_id = project and p.category_id is null
            ),
            (
                select p.account
                from finance_posting_profile p
                where p.company_code = company and p.posting_type = wanted
                    and p.project_id is null and p.category_id = category
            ),
            (
                select p.account
                from finance_posting_profile p
                where p.company_code = company and p.posting_type = wanted
                    and p.project_id is null and p.category_id is null
            )
        )
    end
$$;
