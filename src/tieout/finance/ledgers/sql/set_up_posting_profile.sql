-- question:   Which records (entity posting_profile) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_posting_profile_key
select
    t.company_code as company,
    t.posting_type,
    p.number as project,
    g.code as project_group,
    k.number as contract,
    c.code as category,
    t.partner_company,
    t.account
from finance_posting_profile t
left join finance_project p on p.id = t.project_id
left join finance_project_group g on g.id = t.project_group_id
left join finance_contract k on k.id = t.contract_id
left join finance_category c on c.id = t.category_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'posting_type' is null or t.posting_type = %(key)s::jsonb ->> 'posting_type')
    and (%(key)s::jsonb ->> 'project' is null or coalesce(p.number, '') = %(key)s::jsonb ->> 'project')
    and (
        %(key)s::jsonb ->> 'project_group' is null
        or coalesce(g.code, '') = (%(key)s::jsonb ->> 'project_group')
    )
    and (
        %(key)s::jsonb ->> 'contract' is null
        or coalesce(k.number, '') = (%(key)s::jsonb ->> 'contract')
    )
    and (%(key)s::jsonb ->> 'category' is null or coalesce(c.code, '') = %(key)s::jsonb ->> 'category')
    and (%(key)s::jsonb ->> 'partner_company' is null or t.partner_company = %(key)s::jsonb ->> 'partner_company')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'posting_type' is null or t.posting_type ^@ (%(prefix)s::jsonb ->> 'posting_type'))
    and (%(prefix)s::jsonb ->> 'project' is null or coalesce(p.number, '') ^@ (%(prefix)s::jsonb ->> 'project'))
    and (
        %(prefix)s::jsonb ->> 'project_group' is null
        or coalesce(g.code, '') ^@ (%(prefix)s::jsonb ->> 'project_group')
    )
    and (
        %(prefix)s::jsonb ->> 'contract' is null
        or coalesce(k.number, '') ^@ (%(prefix)s::jsonb ->> 'contract')
    )
    and (%(prefix)s::jsonb ->> 'category' is null or coalesce(c.code, '') ^@ (%(prefix)s::jsonb ->> 'category'))
    and (
        %(prefix)s::jsonb ->> 'partner_company' is null
        or t.partner_company ^@ (%(prefix)s::jsonb ->> 'partner_company')
    )
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (
            t.company_code, t.posting_type, coalesce(p.number, ''), coalesce(g.code, ''), coalesce(k.number, ''),
            coalesce(c.code, ''), t.partner_company
        )
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'posting_type',
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'project_group',
            %(after)s::jsonb ->> 'contract',
            %(after)s::jsonb ->> 'category',
            %(after)s::jsonb ->> 'partner_company'
        )
    )
order by
    t.company_code, t.posting_type, coalesce(p.number, ''), coalesce(g.code, ''), coalesce(k.number, ''), coalesce(c.code, ''),
    t.partner_company
limit %(row_limit)s
