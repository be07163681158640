-- question:   Enter these records (project_group): which are new, which change, which are there already?
-- grain:      one row per record of the request, by its number, with its outcome
-- parameters: records
-- index:      finance_project_group_key
with n as materialized (
    select * from jsonb_to_recordset(%(records)s::jsonb) as n ("row" int, company text, code text, name text)
),
written as (
    insert into finance_project_group as t (company_code, code, name)
    select n.company, n.code, n.name
    from n
    on conflict (company_code, code) do update set
        name = excluded.name
    where t.name is distinct from excluded.name
    returning company_code, code, xmax = 0 as is_new
)
select
    n."row",
    case when w.is_new then 'loaded' when not w.is_new then 'changed' else 'already there' end as outcome
from n
left join written w on w.company_code = n.company and w.code = n.code
