-- question:   Enter these records (posting_profile): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_posting_profile_key
with n as materialized (
    select
        n."row", n.company, n.posting_type, n.project_id, n.project_group_id, n.contract_id, n.category_id,
        coalesce(n.partner_company, '') as partner_company, n.account
    from jsonb_to_recordset(%(records)s::jsonb) as n (
        "row" int, company text, posting_type text, project_id uuid, project_group_id uuid, contract_id uuid, category_id uuid,
        partner_company text, account text
    )
),
written as (
    insert into finance_posting_profile as t (
        company_code, posting_type, project_id, project_group_id, contract_id, category_id, partner_company, account
    )
    select
        n.company,
        n.posting_type,
        n.project_id,
        n.project_group_id,
        n.contract_id,
        n.category_id,
        n.partner_company,
        n.account
    from n
    on conflict (company_code, posting_type, project_id, project_group_id, contract_id, category_id, partner_company)
    do update set
        account = excluded.account
    where t.account is distinct from excluded.account
    returning company_code, posting_type, project_id, project_group_id, contract_id, category_id, partner_company,
        xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w
    on w.company_code = n.company and w.posting_type = n.posting_type and w.project_id is not distinct from n.project_id
    and w.project_group_id is not distinct from n.project_group_id and w.contract_id is not distinct from n.contract_id
    and w.category_id is not distinct from n.category_id and w.partner_company = n.partner_company
