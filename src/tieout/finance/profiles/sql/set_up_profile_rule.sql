-- question:   Which records (entity profile_rule) are set up, as the file format has them, with this key and after this one?
-- grain:      one row per record, in the order of its key; after null: from the first; companies null: of all
-- parameters: companies, key, prefix, after, row_limit
-- index:      finance_profile_rule_key
select
    t.company_code as company,
    t.billing_method,
    p.number as project,
    g.code as project_group,
    c.number as contract,
    f.code as profile
from finance_profile_rule t
join finance_project_profile f on f.id = t.profile_id
left join finance_project p on p.id = t.project_id
left join finance_project_group g on g.id = t.project_group_id
left join finance_contract c on c.id = t.contract_id
where (%(companies)s::text[] is null or t.company_code = any(%(companies)s::text[]))
    and (%(key)s::jsonb ->> 'company' is null or t.company_code = %(key)s::jsonb ->> 'company')
    and (%(key)s::jsonb ->> 'billing_method' is null or t.billing_method = %(key)s::jsonb ->> 'billing_method')
    and (%(key)s::jsonb ->> 'project' is null or coalesce(p.number, '') = %(key)s::jsonb ->> 'project')
    and (%(key)s::jsonb ->> 'project_group' is null or coalesce(g.code, '') = %(key)s::jsonb ->> 'project_group')
    and (%(key)s::jsonb ->> 'contract' is null or coalesce(c.number, '') = %(key)s::jsonb ->> 'contract')
    and (%(prefix)s::jsonb ->> 'company' is null or t.company_code ^@ (%(prefix)s::jsonb ->> 'company'))
    and (%(prefix)s::jsonb ->> 'billing_method' is null or t.billing_method ^@ (%(prefix)s::jsonb ->> 'billing_method'))
    and (%(prefix)s::jsonb ->> 'project' is null or coalesce(p.number, '') ^@ (%(prefix)s::jsonb ->> 'project'))
    and (%(prefix)s::jsonb ->> 'project_group' is null or coalesce(g.code, '') ^@ (%(prefix)s::jsonb ->> 'project_group'))
    and (%(prefix)s::jsonb ->> 'contract' is null or coalesce(c.number, '') ^@ (%(prefix)s::jsonb ->> 'contract'))
    and (%(after)s::jsonb is null or t.company_code >= %(after)s::jsonb ->> 'company')
    and (
        %(after)s::jsonb is null
        or (t.company_code, t.billing_method, coalesce(p.number, ''), coalesce(g.code, ''), coalesce(c.number, ''))
        > (
            %(after)s::jsonb ->> 'company',
            %(after)s::jsonb ->> 'billing_method',
            %(after)s::jsonb ->> 'project',
            %(after)s::jsonb ->> 'project_group',
            %(after)s::jsonb ->> 'contract'
        )
    )
order by t.company_code, t.billing_method, coalesce(p.number, ''), coalesce(g.code, ''), coalesce(c.number, '')
limit %(row_limit)s
